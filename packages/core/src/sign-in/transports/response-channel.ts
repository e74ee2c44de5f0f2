import type { Channel } from '../../platform/environment.js'

/**
 * Name of the BroadcastChannel from the callback page in a popup or iframe to the page that started the sign-in. `window.opener` is not
 * used because an authorization page with a Cross-Origin-Opener-Policy severs it permanently. The name contains the `state`: only pages
 * of this origin that know it can send.
 */
export const responseChannelName = (state: string): string => `latchkey:response:${state}`

/** A message on the response channel. */
export type ResponseMessage = { readonly type: 'response'; readonly url: string } | { readonly type: 'received' }

/** @returns undefined for anything else */
export function parseMessage(data: unknown): ResponseMessage | undefined {
  if (typeof data !== 'object' || data === null || !('type' in data)) return undefined
  if (data.type === 'received') return { type: 'received' }
  return data.type === 'response' && 'url' in data && typeof data.url === 'string'
    ? { type: 'response', url: data.url }
    : undefined
}

/**
 * Waits for one response, and confirms it so that the callback page can close.
 *
 * @param origin the response must be for this origin
 * @returns stops listening
 */
export function listenForResponse(channel: Channel, origin: string, onResponse: (url: URL) => void): () => void {
  let isOver = false
  channel.addEventListener('message', ({ data }) => {
    const message = parseMessage(data)
    if (isOver || message?.type !== 'response' || !URL.canParse(message.url)) return
    const url = new URL(message.url)
    if (url.origin !== origin) return
    isOver = true
    channel.postMessage({ type: 'received' } satisfies ResponseMessage)
    onResponse(url)
  })
  return () => {
    isOver = true
    // Closing the channel at once would drop the confirmation.
    setTimeout(() => channel.close(), 1000)
  }
}
