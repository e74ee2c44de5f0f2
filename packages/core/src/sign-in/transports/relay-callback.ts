import { isForOpener, parseState, readResponse } from '../response-url.js'
import { sendResponse } from './send-response.js'

/**
 * Sends the response in this page's URL to the page that opened this popup or iframe, and closes the window. A callback page needs
 * nothing else, so the app does not start a second time.
 *
 * @returns true if the response was received; false if the URL has no popup or iframe response, or no page listens any more
 * @example
 * import { relayCallback } from '@latchkey/core/callback'
 * await relayCallback()
 */
export function relayCallback(page: Window = window): Promise<boolean> {
  const response = readResponse(new URL(page.location.href))
  const kind = parseState(response?.state)?.kind
  if (!response?.state || !isForOpener(response.state)) return Promise.resolve(false)
  // A sign-out has nothing but a `state`.
  if (!response.isAuthorizationResponse && kind !== 'o') return Promise.resolve(false)
  return sendResponse(page, response.state)
}
