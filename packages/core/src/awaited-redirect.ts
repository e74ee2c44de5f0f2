/** Where this tab notes, in `sessionStorage`, that it left for a sign-in and waits for the answer. */
export const awaitedRedirectKey = (clientKey: string): string => `latchkey/${clientKey}/awaiting`

/** @returns true when this tab left for a sign-in and is not back yet */
export function isRedirectAwaited(storage: Storage | undefined, clientKey: string): boolean {
  try {
    return (storage?.getItem(awaitedRedirectKey(clientKey)) ?? null) !== null
  } catch {
    return false
  }
}
