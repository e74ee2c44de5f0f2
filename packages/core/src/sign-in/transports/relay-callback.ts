import { startTimer } from '../../platform/timer.js'
import { parseState, readResponse } from '../response-url.js'
import { parseMessage, type ResponseMessage, responseChannelName } from './response-channel.js'

export { isSignInFrame } from './sign-in-frame.js'

const TIMEOUT_MS = 1500

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
  const url = new URL(page.location.href)
  const response = readResponse(url)
  const kind = parseState(response?.state)?.kind
  if (!response?.state || (kind !== 'p' && kind !== 'i') || !response.isAuthorizationResponse) return Promise.resolve(false)
  const channel = openResponseChannel(response.state)
  if (!channel) return Promise.resolve(false)
  const isReceived = new Promise<boolean>((resolve) => {
    channel.addEventListener('message', ({ data }) => parseMessage(data)?.type === 'received' && resolve(true))
    startTimer(() => resolve(false), TIMEOUT_MS)
  })
  channel.postMessage({ type: 'response', url: url.href } satisfies ResponseMessage)
  return isReceived.then((received) => {
    channel.close()
    if (received) {
      // If the browser does not close the window, nothing secret stays in its URL.
      page.history.replaceState(null, '', page.location.pathname)
      if (kind === 'p') page.close()
    }
    return received
  })
}

/** @returns undefined if site data is blocked: the constructor throws then */
function openResponseChannel(state: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(responseChannelName(state))
  } catch {
    return undefined
  }
}
