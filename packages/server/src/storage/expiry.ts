interface Expiring {
  /** Milliseconds since the epoch; undefined: never. */
  readonly expiresAt?: number
}

/** @returns whether a code or token is over at `now` (milliseconds since the epoch); never without an expiry */
export function isExpired({ expiresAt }: Expiring, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

/** @returns whole seconds that are left at `now` (milliseconds since the epoch), 0 when it is over; undefined: for ever */
export function remainingSeconds({ expiresAt }: Expiring, now: number): number | undefined {
  return expiresAt === undefined ? undefined : Math.max(0, Math.ceil((expiresAt - now) / 1000))
}
