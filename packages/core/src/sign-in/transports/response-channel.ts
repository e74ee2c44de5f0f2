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
