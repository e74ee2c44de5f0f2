import { isLoopbackUrl } from '../http/loopback.js'
import type { ServerContext } from '../options/server-context.js'

/** Where clients reach a resource, as its host says. */
interface KnownAddress {
  readonly origin?: string | undefined
  readonly url?: string | undefined
}

/**
 * Tells whether the host of a URL may be what the sender of the request chose. Runtimes build the URL from the `Host` header, which is in the
 * request then; in HTTP/2 the host is in no header, and the request of an adapter for Node or any of Deno may be one of that. A request that the
 * program itself has made has neither.
 */
export function hasSentHost(request: Request): boolean {
  return request.headers.has('host') || Object.getPrototypeOf(request) !== Request.prototype || 'Deno' in globalThis
}

/**
 * Tells whether no other resource has the host of a request. A DPoP proof and a signature of OAuth 1.0a contain the URL of the resource, and a
 * token may be for certain resources: an attacker who got one as a resource would choose the `Host` header that fits.
 *
 * @see RFC 9449, section 4.3; RFC 5849, section 3.4.1.2
 */
export function isKnownHost(request: Request, { origin, url }: KnownAddress, { issuer }: Pick<ServerContext, 'issuer'>): boolean {
  if (origin !== undefined || url !== undefined) return true
  return new URL(request.url).host === new URL(issuer).host || isLoopbackUrl(request.url)
}
