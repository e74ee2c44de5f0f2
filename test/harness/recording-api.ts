// An API that accepts every request and records it; over HTTP/1.1, as on a developer's machine.
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from './loopback.js'

export interface RecordedCall {
  readonly method: string | undefined
  /** The query, with its question mark. */
  readonly search: string
  readonly body: string
  readonly type: string | undefined
  readonly authorization: string | undefined
}

export interface RecordingApi {
  readonly url: string
  /** Calls, preflights excluded, in order. */
  readonly calls: readonly RecordedCall[]
  close(): Promise<void>
}

/** @param redirectTo target of a redirect (307) of every call, method and body included */
export async function startRecordingApi(redirectTo?: (search: string) => string): Promise<RecordingApi> {
  const host = await listen()
  const calls: RecordedCall[] = []
  const record = async (request: IncomingMessage, search: string): Promise<void> => {
    const { method, headers } = request
    const { authorization, 'content-type': type } = headers
    calls.push({ method, search, type, authorization, body: await text(request) })
  }
  host.serve((request, response) => {
    const { search } = new URL(request.url ?? '/', 'http://localhost')
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, cache-control' }
    if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end()
    void record(request, search).then(() => {
      if (redirectTo) return response.writeHead(307, { ...cors, location: redirectTo(search) }).end()
      return response.writeHead(200, cors).end('taken')
    })
  })
  return { url: `http://127.0.0.1:${host.port}/notes`, calls, close: () => host.close() }
}
