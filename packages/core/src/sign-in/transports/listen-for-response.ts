import { parseUrl } from '../../platform/parse-url.js'
import type { Channel } from '../../platform/environment.js'
import { startTimer } from '../../platform/timer.js'
import { parseMessage, type ResponseMessage } from './response-channel.js'

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
    const url = isOver || message?.type !== 'response' ? undefined : parseUrl(message.url)
    if (url?.origin !== origin) return
    isOver = true
    channel.postMessage({ type: 'received' } satisfies ResponseMessage)
    onResponse(url)
  })
  return () => {
    isOver = true
    // Closing the channel at once would drop the confirmation.
    startTimer(() => channel.close(), 1000)
  }
}
