import type { JWK } from 'jose'
import type { ResourceRequirements, Verification } from '../resource/verify-request.js'
import type { PemKey } from '../token/pem-key.js'

/** What a host mounts: a server of OAuth 2.x or of OAuth 1.0a. */
export type MountableServer = Pick<AuthorizationServer, 'issuer' | 'fetch' | 'handles'>

/** An OAuth 2.x and OpenID Connect authorization server: a function from `Request` to `Response`. */
export interface AuthorizationServer {
  /** The issuer identifier. */
  readonly issuer: string
  /** Handles a request; never rejects. `env` is passed on to the site adapter as it is. */
  fetch(request: Request, env?: unknown): Promise<Response>
  /** Tells whether the server handles a URL: one under the issuer's path, or its metadata as in RFC 8414, section 3.1. */
  handles(url: URL): boolean
  /**
   * Publishes a new signing key, which is used once all verifiers have had time to fetch it. Other processes are not notified: if
   * several share an issuer, pass the next key by `keys`.
   *
   * @param alg default RS256, or that of the first key
   */
  rotateKeys(alg?: string, key?: JWK | PemKey | string): Promise<void>
  /**
   * Protects a resource: verifies the access token in the request's header, form or query. The body stays readable.
   *
   * @see RFC 6750, sections 2 and 3
   */
  verifyRequest(request: Request, requirements?: ResourceRequirements): Promise<Verification>
}
