import { parseMessage, type ResponseMessage, responseChannelName } from './response-channel.js'

// Apart from `relay-callback.ts`: the main client has read the response already, and a module that its lazy chunk shares with the initial
// bundle would become a chunk of its own.

const TIMEOUT_MS = 1500

/**
 * Sends the response in a page's URL to the page that waits for this `state`, and closes the window.
 *
 * @returns whether the response was received
 */
export function sendResponse(page: Window, state: string): Promise<boolean> {
  const channel = openResponseChannel(state)
  if (!channel) return Promise.resolve(false)
  const isReceived = new Promise<boolean>((resolve) => {
    channel.addEventListener('message', ({ data }) => parseMessage(data)?.type === 'received' && resolve(true))
    // A constant delay. With `timer.ts`, which the main client shares, this chunk would need another file.
    globalThis.setTimeout(() => resolve(false), TIMEOUT_MS)
  })
  const { history } = page
  const { href } = page.location
  const show = (url: string): void => history.replaceState(history.state, '', url)
  // Nothing secret stays in the URL while the other page is asked, or if the browser does not close the window.
  // The whole URL: `//host` at the start of a path would be another origin.
  show(href.replace(/[?#].*/, ''))
  channel.postMessage({ type: 'response', url: href } satisfies ResponseMessage)
  return isReceived.then((received) => {
    channel.close()
    // Without effect in a frame, which the other page removes. The app that continues here instead reads the response from the URL.
    if (received) page.close()
    else show(href)
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
