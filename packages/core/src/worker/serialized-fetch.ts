import type { AuthedRequestInit } from '../fetch/fetch-options.js'

type Stream = ReadableStream<Uint8Array<ArrayBuffer>>
type WhileAlive = <T>(work: Promise<T>) => Promise<T>
type HeaderList = Array<[name: string, value: string]>

/** A `Request` as data that can be sent to the worker. */
export interface SerializedRequest {
  readonly url: string
  readonly init: Omit<AuthedRequestInit, 'signal' | 'body' | 'window'> & { readonly headers: HeaderList; readonly duplex: 'half' }
  readonly body: Blob | Stream | null
}

/** A `Response` as data that can be sent to the page. */
export interface SerializedResponse {
  readonly body: ArrayBuffer | Stream | null
  readonly init: { readonly status: number; readonly statusText: string; readonly headers: HeaderList }
  /** What the constructor of `Response` does not take. */
  readonly members: { readonly url: string; readonly redirected: boolean; readonly type: ResponseType }
}

/** @param init the arguments of the request: a stream among them is transferred, any other body is read */
export async function serializeRequest(request: Request, { body, resource }: AuthedRequestInit): Promise<SerializedRequest> {
  const { url, method, mode, credentials, cache, redirect, referrerPolicy, integrity, keepalive } = request
  const options = { method, mode, credentials, cache, redirect, referrerPolicy, integrity, keepalive, resource }
  const stream = body instanceof ReadableStream && canTransferStreams() ? request.body : null
  const blob = stream ? null : await request.blob()
  const init = { ...options, headers: [...request.headers], duplex: 'half' as const }
  return { url, init, body: stream ?? (blob?.size ? blob : null) }
}

/** Returns the response without the access token, which a resource may expect in the query (RFC 6750, section 2.3). */
export async function serializeResponse(response: Response): Promise<SerializedResponse> {
  const { status, statusText, redirected, type } = response
  const body = response.body && !canTransferStreams() ? await response.arrayBuffer() : response.body
  const url = response.url && new URL(response.url)
  if (url) url.searchParams.delete('access_token')
  return { body, init: { status, statusText, headers: [...response.headers] }, members: { url: String(url), redirected, type } }
}

/**
 * @param signal also cancels a body that is still arriving
 * @param whileAlive rejects if the worker has ended, whose streams then stay silent
 */
export function deserializeResponse(
  { body, init, members }: SerializedResponse,
  signal: AbortSignal,
  whileAlive: WhileAlive,
): Response {
  const isStream = body instanceof ReadableStream
  const content = isStream ? watchedStream(body, whileAlive).pipeThrough(new TransformStream(), { signal }) : body
  // An opaque response has the status 0, which the constructor refuses.
  const response = init.status === 0 ? Response.error() : new Response(content, init)
  for (const [name, value] of Object.entries(members)) Object.defineProperty(response, name, { value })
  return response
}

function watchedStream(body: Stream, whileAlive: WhileAlive): Stream {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await whileAlive(reader.read())
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** Safari cannot transfer streams, so bodies are sent in one piece there. */
function canTransferStreams(): boolean {
  try {
    const stream = new ReadableStream()
    return structuredClone(stream, { transfer: [stream] }) instanceof ReadableStream
  } catch {
    return false
  }
}
