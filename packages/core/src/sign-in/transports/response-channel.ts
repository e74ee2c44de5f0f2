import type { Channel } from '../../platform/environment.js'

/**
 * The way a response takes from the callback page in a popup or iframe to the page that started the sign-in. A BroadcastChannel,
 * because an authorization page with a Cross-Origin-Opener-Policy cuts `window.opener` for good. Its name holds the `state`:
 * only pages of this origin that know it can speak on it.
 */
export const responseChannelName = (state: string): string => `latchkey:response:${state}`

export type ResponseMessage = { readonly type: 'response'; readonly url: string } | { readonly type: 'received' }

export function parseMessage(data: unknown): ResponseMessage | undefined {
  if (typeof data !== 'object' || data === null || !('type' in data)) return undefined
  if (data.type === 'received') return { type: 'received' }
  return data.type === 'response' && 'url' in data && typeof data.url === 'string'
    ? { type: 'response', url: data.url }
    : undefined
}

/**
 * @param origin the response must come back to this origin
 * @param onResponse called once; the callback page is told that it may close
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
    // The acknowledgement is still on its way when the channel is closed at once.
    setTimeout(() => channel.close(), 1000)
  }
}
