import type { AuthedRequestInit } from '../fetch/fetch-options.js'

type Body = Blob | ReadableStream<Uint8Array<ArrayBuffer>>

/** A `Request` that can be sent to the worker. */
export interface TransferableRequest {
  readonly url: string
  readonly init: Omit<AuthedRequestInit, 'signal' | 'body' | 'headers' | 'window'>
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: Body | undefined
}

/** A `Response` that can be sent to the page. */
export interface TransferableResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: ArrayBuffer | ReadableStream<Uint8Array<ArrayBuffer>> | undefined
  /** What the constructor of `Response` does not take. */
  readonly facts: { readonly url: string; readonly redirected: boolean; readonly type: ResponseType }
}

/** @param init what `request` was made with: tells whether the body is a stream, which is handed on as one */
export async function toTransferableRequest(request: Request, init: AuthedRequestInit): Promise<TransferableRequest> {
  const { url, method, mode, credentials, cache, redirect, referrerPolicy, integrity, keepalive } = request
  const plain = { method, mode, credentials, cache, redirect, referrerPolicy, integrity, keepalive }
  const resource = init.resource === undefined ? {} : { resource: init.resource }
  return { url, init: { ...plain, ...resource }, headers: [...request.headers], body: await bodyOf(request, init) }
}

async function bodyOf(request: Request, { body }: AuthedRequestInit): Promise<Body | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  if (body instanceof ReadableStream && canTransferStreams() && request.body) return request.body
  const blob = await request.blob()
  return blob.size > 0 ? blob : undefined
}

export interface SentResponse {
  readonly value: TransferableResponse
  /** Settled when the whole body has gone over; never rejects. */
  readonly rest: Promise<void>
}

/** @param signal aborts the body's arrival too */
export async function toTransferableResponse(response: Response, signal: AbortSignal): Promise<SentResponse> {
  const { status, statusText, redirected, type } = response
  const facts = { url: withoutToken(response.url), redirected, type }
  const { body, rest } = await arrivingBody(response, signal)
  return { value: { status, statusText, headers: [...response.headers], body, facts }, rest }
}

async function arrivingBody(
  { body }: Response,
  signal: AbortSignal,
): Promise<Pick<TransferableResponse, 'body'> & { readonly rest: Promise<void> }> {
  if (!body) return { body: undefined, rest: Promise.resolve() }
  if (!canTransferStreams()) return { body: await new Response(body).arrayBuffer(), rest: Promise.resolve() }
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>()
  // What goes wrong is told to the reader, who is in the page.
  return { body: readable, rest: body.pipeTo(writable, { signal }).catch(() => undefined) }
}

export function fromTransferableResponse({ status, statusText, headers, body, facts }: TransferableResponse): Response {
  const init = { status, statusText, headers: headers.map(([name, value]): [string, string] => [name, value]) }
  // An opaque response (a redirect that was not followed) has status 0, which the constructor refuses.
  const response = status === 0 ? Response.error() : new Response(body ?? null, init)
  for (const [name, value] of Object.entries(facts)) Object.defineProperty(response, name, { value })
  return response
}

/** What has to be handed over and not copied. */
export function transferablesOf({ body }: Pick<TransferableRequest | TransferableResponse, 'body'>): Transferable[] {
  return body instanceof ReadableStream || body instanceof ArrayBuffer ? [body] : []
}

/** @see RFC 6750, section 2.3: a resource that takes the token in its query must not show it to the page */
function withoutToken(address: string): string {
  if (!address.includes('access_token=')) return address
  const url = new URL(address)
  url.searchParams.delete('access_token')
  return url.href
}

/** Safari cannot hand a stream to another thread: bodies go there in one piece. */
function canTransferStreams(): boolean {
  try {
    const stream = new ReadableStream()
    structuredClone(stream, { transfer: [stream] })
    return true
  } catch {
    return false
  }
}
