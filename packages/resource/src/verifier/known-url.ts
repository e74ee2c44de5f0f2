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
 * Returns the URL that a DPoP proof for the request must contain. Its host is never one that the sender chose: who got a token and a proof
 * as another API would name that API in the `Host` header. @see RFC 9449, section 4.3
 */
export function knownUrl(request: Request, { origin, resourceOrigin }: KnownAddress): string {
  const url = new URL(request.url)
  if (origin !== undefined) return origin + url.pathname
  // A proof for this machine was made for this machine.
  if (isLoopbackUrl(url)) return url.origin + url.pathname
  if (resourceOrigin !== undefined) return resourceOrigin + url.pathname
  throw new ResourceError('invalid_dpop_proof', 'the API does not know its own origin, which the DPoP proof must contain', {
    hint: 'Set "resource" or "origin" of createTokenVerifier to the address at which clients reach the API (RFC 9449, section 4.3).',
  })
}
