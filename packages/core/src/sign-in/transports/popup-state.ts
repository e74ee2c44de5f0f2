import { AWAITED_STATE, isForOpener } from '../response-url.js'

/** As long as a transaction lives. */
const AWAITED_FOR_MS = 600_000

/** Of the main client, whose modules would make a callback page larger. */
type AwaitedResponse = readonly [state: string, since: number, redirectUri?: string | null]

/**
 * Whether a page is in a popup that waits for a response at this address, but for another one.
 *
 * @param state of the response that was received
 */
export function isForgedInPopup(page: Window, url: URL, state: string | undefined): boolean {
  try {
    const awaited = statesOf(page.sessionStorage)
    return awaited.some((one) => isPopupAt(one, url)) && awaited.every(([one]) => one !== state)
  } catch {
    // Site data is blocked, or another script wrote the entry.
    return false
  }
}

function statesOf(storage: Storage): readonly AwaitedResponse[] {
  const names = Object.keys(storage).filter((name) => name.startsWith('latchkey/') && name.endsWith(`/${AWAITED_STATE}`))
  return names.map((name) => JSON.parse(storage.getItem(name) ?? '[]') as AwaitedResponse)
}

function isPopupAt([state, since, redirectUri]: AwaitedResponse, { origin, pathname }: URL): boolean {
  if (!redirectUri || !isForOpener(state) || Math.abs(Date.now() - since) > AWAITED_FOR_MS) return false
  const expected = new URL(redirectUri)
  return expected.origin === origin && expected.pathname.replace(/\/$/, '') === pathname.replace(/\/$/, '')
}
