import type { IncomingMessage } from 'node:http'
import { OAuthError } from '../http/oauth-error.js'
import { isPlainHost, isResolvedPath } from '../http/request-target.js'

/** Methods that a `Request` cannot have. @see Fetch Standard, section 2.2.1 */
const FORBIDDEN_METHODS = /^(?:connect|trace|track)$/i

/** Without the body, which belongs to the host. Throws OAuthError `invalid_request` for a URL or method that a `Request` cannot have. */
export function asRequest(incoming: IncomingMessage, origin: string = originOf(incoming)): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    // HTTP/2 has names that start with a colon.
    if (value !== undefined && !name.startsWith(':')) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const path =
    'originalUrl' in incoming && typeof incoming.originalUrl === 'string' ? incoming.originalUrl : (incoming.url ?? '/')
  const { method = 'GET' } = incoming
  if (FORBIDDEN_METHODS.test(method)) throw new OAuthError('invalid_request', 'this HTTP method is not supported')
  return new Request(checkedUrl(path, origin), { method, headers })
}

/**
 * Throws OAuthError `invalid_request` for a URL that a `Request` cannot have, and for a target that names a host of its own: a DPoP proof
 * for that host would be accepted here. The path is appended, because the URL parser takes `//host` and `/\\host` as a host. A path that
 * the parser would resolve is refused too: routers take it as it was sent, and a token for `/a` would be accepted at `/b/../a`.
 *
 * @see RFC 9112, section 3.2.2
 */
function checkedUrl(path: string, origin: string): URL {
  const text = origin + path
  const url = path.startsWith('/') && isResolvedPath(path) && URL.canParse(text) ? new URL(text) : undefined
  if (url && url.username === '' && url.password === '') return url
  throw invalidUrl()
}

function invalidUrl(): OAuthError {
  return new OAuthError('invalid_request', 'the URL or the Host header of the request is invalid (RFC 9112, section 3.2)')
}

function originOf(incoming: IncomingMessage): string {
  const { host = 'localhost' } = incoming.headers
  if (!isPlainHost(host)) throw invalidUrl()
  // Express knows the protocol behind a trusted proxy.
  const known = 'protocol' in incoming ? incoming.protocol : undefined
  const isSecure = known === 'https' || ('encrypted' in incoming.socket && incoming.socket.encrypted === true)
  return `${isSecure ? 'https' : 'http'}://${host}`
}
