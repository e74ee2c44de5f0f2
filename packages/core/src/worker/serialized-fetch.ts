import type { AuthedRequestInit } from '../fetch/fetch-options.js'

type Stream = ReadableStream<Uint8Array<ArrayBuffer>>

interface SerializedMessage<Body> {
  readonly url: string
  readonly headers: ReadonlyArray<[string, string]>
  readonly body: Body | undefined
}

/** A `Request` as data that can be sent to the worker. */
export interface SerializedRequest extends SerializedMessage<Blob | Stream> {
  readonly init: Omit<AuthedRequestInit, 'signal' | 'body' | 'headers' | 'window'>
}

/** A `Response` as data that can be sent to the page. */
export interface SerializedResponse extends SerializedMessage<ArrayBuffer | Stream> {
  readonly status: number
  readonly statusText: string
  readonly redirected: boolean
  readonly type: ResponseType
}

/** @param init the arguments of the `request`: a stream among them is transferred, any other body is read */
export async function serializeRequest(request: Request, { body, resource }: AuthedRequestInit): Promise<SerializedRequest> {
  const { url, method, mode, credentials, cache, redirect, referrerPolicy, integrity, keepalive } = request
  const init = { method, mode, credentials, cache, redirect, referrerPolicy, integrity, keepalive, ...(resource && { resource }) }
  const isStream = body instanceof ReadableStream && canTransferStreams()
  return { url, headers: [...request.headers], init, body: (isStream && request.body) || (await readBody(request)) }
}

async function readBody(request: Request): Promise<Blob | undefined> {
  const blob = await request.blob()
  return blob.size > 0 ? blob : undefined
}

/** Returns the arguments for `client.fetch`. */
export function deserializeRequest({ url, headers, init, body }: SerializedRequest): [url: string, init: AuthedRequestInit] {
  const request = { ...init, headers: [...headers] }
  return [url, body === undefined ? request : ({ ...request, body, duplex: 'half' } as AuthedRequestInit)]
}

/** Returns the response without its access token: a resource may expect it in the query (RFC 6750, section 2.3). */
export async function serializeResponse(response: Response): Promise<SerializedResponse> {
  const { status, statusText, redirected, type } = response
  const url = new URL(response.url || 'about:blank')
  url.searchParams.delete('access_token')
  const body = canTransferStreams() ? response.body : response.body && (await response.arrayBuffer())
  return {
    url: response.url && url.href,
    status,
    statusText,
    redirected,
    type,
    headers: [...response.headers],
    body: body ?? undefined,
  }
}

/** @param signal cancels the body as well, which may still arrive */
export function deserializeResponse(
  { status, statusText, headers, body, url, redirected, type }: SerializedResponse,
  signal: AbortSignal,
): Response {
  const stream = body instanceof ReadableStream ? body.pipeThrough(new TransformStream(), { signal }) : body
  // An opaque response has the status 0, which the constructor refuses.
  const response = status === 0 ? Response.error() : new Response(stream ?? null, { status, statusText, headers: [...headers] })
  // The constructor does not take these members.
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(response, name, { value })
  return response
}

/** Returns false in Safari, which cannot transfer streams. Bodies are then sent in one piece. */
function canTransferStreams(): boolean {
  try {
    const stream = new ReadableStream()
    structuredClone(stream, { transfer: [stream] })
    return true
  } catch {
    return false
  }
}
