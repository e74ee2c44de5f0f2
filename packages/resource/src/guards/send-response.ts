import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** Sends a `Response` as the response of Node or Express. A stream is sent as it arrives, until the client closes the connection. */
export async function sendResponse(response: ServerResponse, sent: Response): Promise<undefined> {
  for (const [name, value] of sent.headers) response.setHeader(name, value)
  response.statusCode = sent.status
  if (!sent.headers.get('content-type')?.startsWith('text/event-stream') || !sent.body) {
    response.end(await sent.text())
    return undefined
  }
  response.flushHeaders()
  // The client has closed the connection; the pipeline has cancelled the stream.
  await pipeline(Readable.fromWeb(sent.body as ReadableStream), response).catch(() => undefined)
  return undefined
}
