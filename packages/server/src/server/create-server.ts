import type { JWK } from 'jose'
import { decideByHost } from '../features/ciba/decide-by-host.js'
import { resolveOptions } from '../options/resolve-options.js'
import { createRoutes, HOST, isEndpoint, pathUnderIssuer } from '../http/routes.js'
import type { AuthorizationServerOptions } from '../options/server-options.js'
import type { SignedIn } from '../site/site-adapter.js'
import { verifyRequest, type ResourceDemands, type Verification } from '../resource/verify-request.js'

/** An OAuth 2.x and OpenID Connect authorization server: a function from `Request` to `Response`. */
export interface AuthorizationServer {
  readonly issuer: string
  /** Answers a request; never rejects. `env` reaches the site adapter untouched. */
  fetch(request: Request, env?: unknown): Promise<Response>
  /** @returns whether a URL is the server's to answer: under the issuer's path, or its metadata by RFC 8414, section 3.1 */
  handles(url: URL): boolean
  /**
   * Publishes a new signing key, which takes over when everybody had time to see it. Other processes do not hear of it: give those
   * that share an issuer their next key by `keys`.
   *
   * @param alg default RS256, or that of the first key
   */
  rotateKeys(alg?: string, key?: JWK): Promise<void>
  /**
   * Answers a CIBA request for sites that ask people in an app of their own.
   *
   * @param approvedBy who said yes there, signed in as the app knows it; undefined: the person refused
   * @returns false where nothing of this id waits for that person
   */
  decideBackchannelRequest(requestId: string, approvedBy: SignedIn | undefined): Promise<boolean>
  /** Guards a protected resource. @see RFC 6750, section 3 */
  verifyRequest(request: Request, demands?: ResourceDemands): Promise<Verification>
}

/** @returns a server; throws a TypeError that names the option for what cannot work */
export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const server = resolveOptions(options)
  const routes = createRoutes(server, options.corsOrigin ?? '*')
  return {
    issuer: server.issuer,
    fetch: async (request, env) => routes.fetch(request, { [HOST]: env }),
    handles({ pathname }) {
      const path = pathUnderIssuer(pathname, server)
      // Without a path of its own the issuer shares its host with the app: there it answers for its endpoints alone.
      return path !== undefined && (server.path !== '' || isEndpoint(path, server))
    },
    async rotateKeys(alg, key) {
      await server.keys.rotate(alg, key)
      server.emit({ type: 'keys.rotated' })
    },
    decideBackchannelRequest: (requestId, approvedBy) => decideByHost(requestId, approvedBy, server),
    verifyRequest: (request, demands = {}) => verifyRequest(request, demands, server),
  }
}
