import type { IncomingMessage, ServerResponse } from 'node:http'
import { MAX_BYTES } from '../http/body.js'
import { bufferedRequest } from '../http/buffered-request.js'
import { hasParsedName } from '../http/request-target.js'

/** A target that the URL parser leaves as it is. @see URL Standard, section 1.3: the query percent-encode set */
const PARSED_TARGET = /^(?:\/[\w~-][\w~.-]*)+\/?(?:\?[!$%&(-;=?-~]*)?$/

/**
 * Receives a request in whole, so that its body can be read at once.
 *
 * @returns undefined, at once, for a request that needs a stream: its body is long, has no announced length or was read before, or it is a
 *   rare one, such as that of HTTP/2. A promise of undefined: the connection has ended, so that no response can be sent
 */
export function receiveRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request | undefined> | undefined {
  const url = isPlainRequest(incoming) ? urlOf(incoming) : undefined
  if (url === undefined) return undefined
  const { method = 'GET', rawHeaders } = incoming
  const onAbort = (abort: () => void): void => {
    const end = (): void => {
      if (!outgoing.writableFinished) abort()
    }
    if (outgoing.destroyed) end()
    else outgoing.once('close', end)
  }
  if (method === 'GET') return Promise.resolve(bufferedRequest({ method, url, rawHeaders, body: undefined, onAbort }))
  return readBody(incoming).then((body) => body && bufferedRequest({ method, url, rawHeaders, body, onAbort }))
}

function isPlainRequest(incoming: IncomingMessage): boolean {
  const { method, headers, httpVersionMajor } = incoming
  if (httpVersionMajor !== 1 || headers['transfer-encoding'] !== undefined) return false
  const length = headers['content-length']
  if (method === 'GET') return length === undefined
  // What has read the body, or set an encoding, may have kept it elsewhere.
  const isUnread = !incoming.readableDidRead && incoming.readableEncoding === null && !('rawBody' in incoming)
  return method === 'POST' && isUnread && Number(length) <= MAX_BYTES
}

function urlOf({ socket, headers, url = '' }: IncomingMessage): string | undefined {
  const scheme = 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http'
  const { host = '' } = headers
  return hasParsedName(host) && PARSED_TARGET.test(url) ? `${scheme}://${host}${url}` : undefined
}

function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer<ArrayBuffer>[] = []
    incoming.on('data', (chunk: Buffer<ArrayBuffer>) => void chunks.push(chunk))
    incoming.once('end', () => {
      const [only] = chunks
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks))
    })
    // After the end, this says nothing.
    incoming.once('close', () => resolve(undefined))
  })
}
