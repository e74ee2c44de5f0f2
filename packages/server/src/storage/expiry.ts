/** A record that may expire. */
interface Expiring {
  /** Milliseconds since the epoch; undefined: no expiry. */
  readonly expiresAt?: number | undefined
}

/** Tells whether a code or token has expired at `now` (milliseconds since the epoch). */
export function isExpired({ expiresAt }: Expiring, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

/** Returns the whole seconds left at `now` (milliseconds since the epoch), 0 after the expiry; undefined without expiry. */
export function remainingSeconds({ expiresAt }: Expiring, now: number): number | undefined {
  return expiresAt === undefined ? undefined : Math.max(0, Math.ceil((expiresAt - now) / 1000))
}
