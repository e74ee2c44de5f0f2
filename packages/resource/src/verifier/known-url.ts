import { isLoopbackUrl } from '../http/loopback.js'
import { ResourceError } from '../http/resource-error.js'

/** Where clients reach the API. */
export interface KnownAddress {
  /** Set by the API's developer. */
  readonly origin: string | undefined
  /** The origin of the resource identifier. */
  readonly resourceOrigin: string | undefined
}

/**
 * Returns the URLs of which a DPoP proof for the request must contain one. Their host is never one that the sender chose: who got a token
 * and a proof as another API would name that API in the `Host` header. @see RFC 9449, section 4.3
 */
export function knownUrls(request: Request, { origin, resourceOrigin }: KnownAddress): readonly [string, ...string[]] {
  const url = new URL(request.url)
  if (origin !== undefined) return [origin + url.pathname]
  const own = resourceOrigin === undefined ? [] : [resourceOrigin + url.pathname]
  // A proof for this machine was made for this machine. A proxy on it may name it in the `Host` header, too.
  const [first, ...others] = isLoopbackUrl(url) ? [...own, url.origin + url.pathname] : own
  if (first !== undefined) return [first, ...others]
  throw new ResourceError('invalid_dpop_proof', 'the API does not know its own origin, which the DPoP proof must contain', {
    hint: 'Set "resource" or "origin" of createTokenVerifier to the address at which clients reach the API (RFC 9449, section 4.3).',
  })
}
