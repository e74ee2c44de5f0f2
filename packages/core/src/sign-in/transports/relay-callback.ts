import { isForOpener, parseState, readResponse, withoutResponse } from '../response-url.js'
import { isForgedInPopup } from './popup-state.js'
import { sendResponse } from './send-response.js'

/**
 * Sends the response in this page's URL to the page that opened this popup or iframe, and closes the window. A callback page needs
 * nothing else, so the app does not start a second time. In a popup of a sign-in, a response that it does not wait for is removed from the
 * URL.
 *
 * @returns true if the response was received; false if the URL has no popup or iframe response, or no page listens any more
 * @example
 * import { relayCallback } from '@latchkey/core/callback'
 * await relayCallback()
 */
export function relayCallback(page: Window = window): Promise<boolean> {
  const url = new URL(page.location.href)
  const response = readResponse(url)
  if (response?.isAuthorizationResponse && isForgedInPopup(page, url, response.state)) {
    page.history.replaceState(page.history.state, '', withoutResponse(url))
    return Promise.resolve(false)
  }
  const kind = parseState(response?.state)?.kind
  if (!response?.state || !isForOpener(response.state)) return Promise.resolve(false)
  // A sign-out has nothing but a `state`.
  if (!response.isAuthorizationResponse && kind !== 'o') return Promise.resolve(false)
  return sendResponse(page, response.state)
}
