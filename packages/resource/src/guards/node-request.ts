import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { toUrl } from '../http/parse-url.js'
import { readForm } from '../http/read-form.js'
import { ResourceError } from '../http/resource-error.js'
import type { Engine, RequestSource } from '../verifier/engine.js'

/** Methods that a `Request` cannot have. @see Fetch Standard, section 2.2.1 */
const FORBIDDEN_METHODS = /^(?:connect|trace|track)$/i

/** A dot segment, also an encoded one, and what the URL parser takes as a slash or as the end of the path, or removes. */
const RESOLVED_BY_PARSER = /\/(?:\.|%2e){1,2}(?:\/|$)|[\\#\0-\x20\x7f]/i

/** Longer than any name, with its port. @see RFC 1035, section 3.1 */
const HOST = /^[\x21-\x7e]{0,300}$/

/**
 * Returns what a verifier needs of a request of Node. Its body belongs to the handler: a form is read only if the verifier looks for
 * tokens there, no parser has read it, and no header has a token; then its members are in `request.body`.
 *
 * Throws ResourceError `invalid_request` for a URL or method that a `Request` cannot have.
 */
export async function sourceOf(incoming: IncomingMessage, body: unknown, engine: Engine<never>): Promise<RequestSource> {
  const request = asRequest(incoming, engine.origin)
  if (!engine.readsForms) return { request }
  return { request, form: await formOf(incoming, body, request) }
}

/** Returns the request without its body. */
export function asRequest(incoming: IncomingMessage, origin: string = originOf(incoming)): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    // HTTP/2 has names that start with a colon.
    if (value !== undefined && !name.startsWith(':')) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const { method = 'GET' } = incoming
  if (FORBIDDEN_METHODS.test(method)) throw new ResourceError('invalid_request', 'this HTTP method is not supported')
  return new Request(checkedUrl(targetOf(incoming), origin), { method, headers })
}

function targetOf(incoming: IncomingMessage): string {
  // Express and Connect keep the whole target in `originalUrl`.
  const { url = '/' } = incoming
  return 'originalUrl' in incoming && typeof incoming.originalUrl === 'string' ? incoming.originalUrl : url
}

/**
 * Throws for a target that names a host of its own: a DPoP proof for that host would be accepted here. The path is appended, because
 * the URL parser takes `//host` and `/\\host` as a host. A path that the parser would resolve is refused too: routers take it as it was
 * sent. @see RFC 9112, section 3.2.2
 */
function checkedUrl(target: string, origin: string): URL {
  const [path = ''] = target.split('?', 1)
  const text = origin + target
  const url = target.startsWith('/') && !RESOLVED_BY_PARSER.test(path) ? toUrl(text) : undefined
  if (url && url.username === '' && url.password === '') return url
  throw invalidUrl()
}

function originOf(incoming: IncomingMessage): string {
  const authority = incoming.headers[':authority']
  const host = incoming.headers.host ?? (typeof authority === 'string' ? authority : 'localhost')
  if (!HOST.test(host)) throw invalidUrl()
  // Express knows the protocol behind a trusted proxy.
  const known = 'protocol' in incoming ? incoming.protocol : undefined
  const isSecure = known === 'https' || ('encrypted' in incoming.socket && incoming.socket.encrypted === true)
  return `${isSecure ? 'https' : 'http'}://${host}`
}

function invalidUrl(): ResourceError {
  return new ResourceError('invalid_request', 'the URL or the Host header of the request is invalid (RFC 9112, section 3.2)')
}

async function formOf(incoming: IncomingMessage, body: unknown, request: Request): Promise<URLSearchParams> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '')
  if (!isForm || request.method === 'GET' || request.method === 'HEAD') return new URLSearchParams()
  if (body !== undefined && body !== null) return asForm(body)
  const isRead = incoming.readableEnded || incoming.readableFlowing === true
  if (isRead || request.headers.has('authorization')) return new URLSearchParams()
  const form = await readForm({ body: Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>> })
  Object.assign(incoming, { body: Object.fromEntries(form) })
  return form
}

/** Returns the tokens of a body that a parser has read. */
export function asForm(body: unknown): URLSearchParams {
  if (typeof body === 'string' || body instanceof URLSearchParams) return new URLSearchParams(body)
  if (typeof body !== 'object' || body === null) return new URLSearchParams()
  const values: readonly unknown[] = 'access_token' in body ? [body.access_token].flat() : []
  return new URLSearchParams(values.filter((value) => typeof value === 'string').map((value) => ['access_token', value]))
}
