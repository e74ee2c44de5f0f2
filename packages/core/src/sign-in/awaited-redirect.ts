/** As long as a transaction lives. */
const LIFETIME_MS = 600_000

/** Where this tab notes, in `sessionStorage`, which answer it waits for and since when. */
export const awaitedRedirectKey = (clientKey: string): string => `latchkey/${clientKey}/awaiting`

/**
 * @param now milliseconds since the epoch
 * @returns the `state` of the answer that this tab waits for; undefined when it waits for none (any more)
 */
export function awaitedState(storage: Storage | undefined, clientKey: string, now: number): string | undefined {
  try {
    const [state, since] = JSON.parse(storage?.getItem(awaitedRedirectKey(clientKey)) ?? '[]') as [string, number]
    return Math.abs(now - since) < LIFETIME_MS ? state : undefined
  } catch {
    return undefined
  }
}
