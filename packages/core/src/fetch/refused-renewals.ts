/** When a token was refused although it had just been renewed: by session, then by address. A map ends with its session. */
const refusedAt = new WeakMap<AbortSignal, Map<string, number>>()

/** For this long, a further refusal is final: an API that refuses every token must not cost a renewal per call. */
const PAUSE_MS = 60_000

/** One place that tokens are sent to, in one session. */
export interface TokenTarget {
  /** Aborted when the session ends. */
  readonly session: AbortSignal
  /** Origin of the API, or another name of the place. */
  readonly address: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Whether another renewal may help: none was in vain in the last minute. */
export function mayRenewFor({ session, address, now }: TokenTarget): boolean {
  const at = refusedAt.get(session)?.get(address)
  return at === undefined || now < at || now >= at + PAUSE_MS
}

/** Notes that a renewal did not help. */
export function noteRefusedRenewal({ session, address, now }: TokenTarget): void {
  const times = refusedAt.get(session) ?? new Map<string, number>()
  refusedAt.set(session, times.set(address, now))
}
