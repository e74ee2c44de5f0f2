import { parseState, readResponse } from '../response-url.js'
import { parseMessage, type ResponseMessage, responseChannelName } from './response-channel.js'

const PATIENCE_MS = 1500

/**
 * Hands the response in this page's URL to the page that opened this popup or iframe, and closes the window. All that a callback
 * page needs: the app does not boot a second time.
 *
 * @returns true when it was handed over; false when the URL carries no popup or iframe response, or nobody listens any more
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
    setTimeout(() => resolve(false), PATIENCE_MS)
  })
  channel.postMessage({ type: 'response', url: url.href } satisfies ResponseMessage)
  return isReceived.then((received) => {
    channel.close()
    if (received) {
      // Nothing secret stays in the window's URL, should the browser not let it close.
      page.history.replaceState(null, '', page.location.pathname)
      if (kind === 'p') page.close()
    }
    return received
  })
}

/** @returns undefined where site data is blocked: the constructor throws then */
function openResponseChannel(state: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(responseChannelName(state))
  } catch {
    return undefined
  }
}
