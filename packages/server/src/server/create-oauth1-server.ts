import { toUrl } from '../http/parse-url.js'
import { isInsecureUrl } from '../http/loopback.js'
import { fetchOf } from '../http/reply.js'
import { createRoutes, matchesRoute, pathUnderIssuer } from '../http/routes.js'
import { checkSpelling } from '../options/check-options.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'
import { resolveOptions } from '../options/resolve-options.js'
import type { AuthorizationServerOptions } from '../options/server-options.js'
import type { ServerContext } from '../options/server-context.js'
import { checkSharedSecret } from '../options/unshared-secret.js'
import type { OAuth1Options } from '../features/oauth1/oauth1-options.js'
import { OAUTH1_OPTIONS } from '../features/oauth1/check-oauth1-options.js'
import { resolveOAuth1Options } from '../features/oauth1/oauth1-settings.js'
import { setServer } from '../features/oauth1/protected-servers.js'
import { oauth1Routes } from '../features/oauth1/oauth1.js'
import {
  type OAuth1Requirements,
  type OAuth1Verification,
  verifySignedRequest,
} from '../features/oauth1/verify-oauth1-request.js'
import { NO_PROOF_OF_POSSESSION } from '../resource/proof-of-possession.js'
import type { MountableServer } from './authorization-server.js'
import { NO_AUTHORIZATION_DETAILS } from '../token/authorization-details-support.js'

type SharedOption =
  | 'site'
  | 'stores'
  | 'secret'
  | 'sessionLifetime'
  | 'guessLimits'
  | 'crossOriginOpenerPolicy'
  | 'corsOrigin'
  | 'now'

/** Options of {@link createOAuth1Server}: those of `oauth1()`, and some of `createAuthorizationServer()`. */
export interface OAuth1ServerOptions extends Omit<OAuth1Options, 'hooks'>, Pick<AuthorizationServerOptions, SharedOption> {
  /** The URL under which the endpoints are: `/initiate`, `/authorize`, `/token`. Signatures are those of this URL. */
  readonly url: string
  /** Replace functions of the server's store. */
  readonly hooks?: OAuth1Options['hooks']
  /** Callbacks that observe the server or stop a request. */
  readonly serverHooks?: AuthorizationServerOptions['hooks']
}

/** A server of OAuth 1.0a: a function from `Request` to `Response`. */
export interface OAuth1Server extends MountableServer {
  /** Protects a resource. The body of the request stays readable. @see RFC 5849, section 3.2 */
  verifyRequest(request: Request, requirements?: OAuth1Requirements): Promise<OAuth1Verification>
  /** Deletes token credentials: the client's next request with them is refused. */
  revokeToken(clientId: string, token: string): Promise<void>
}

const OPTIONS: MembersOf<OAuth1ServerOptions> = {
  ...OAUTH1_OPTIONS,
  url: true,
  site: true,
  stores: true,
  secret: true,
  sessionLifetime: true,
  guessLimits: true,
  crossOriginOpenerPolicy: true,
  corsOrigin: true,
  now: true,
  serverHooks: true,
}

function checkUrl(url: unknown): void {
  const parsed = typeof url === 'string' ? toUrl(url) : undefined
  const isUsable = typeof url === 'string' && parsed && /^https?:$/.test(parsed.protocol) && !isInsecureUrl(url)
  if (isUsable && !/[?#]/.test(url)) {
    checkSpelling('createOAuth1Server: "url"', url, new URL(url))
    return
  }
  throw new TypeError(
    `createOAuth1Server: "url" must be the URL under which the endpoints are, without query and fragment, and https off loopback (RFC 5849, section 2.1), not ${JSON.stringify(url)}`,
  )
}

/** Creates a server of OAuth 1.0a alone. Throws a TypeError that names the option that cannot work. @see RFC 5849 */
export function createOAuth1Server(options: OAuth1ServerOptions): OAuth1Server {
  checkMembers(options ?? null, OPTIONS, { name: 'createOAuth1Server' })
  const {
    url,
    site,
    stores,
    secret,
    sessionLifetime,
    guessLimits,
    crossOriginOpenerPolicy,
    corsOrigin,
    now,
    serverHooks,
    ...own
  } = options
  checkUrl(url)
  const settings = resolveOAuth1Options(own)
  const given = { stores, secret, sessionLifetime, guessLimits, crossOriginOpenerPolicy, now, hooks: serverHooks }
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const context: ServerContext = {
    ...resolveOptions({ issuer: url, clients: [], site, ...defined }),
    assertionAudiences: [],
    proofOfPossession: NO_PROOF_OF_POSSESSION,
    authorizationDetails: NO_AUTHORIZATION_DETAILS,
    notifySessionReplaced: async () => undefined,
  }
  if (settings.needsSecret) checkSharedSecret(context.secret, 'createOAuth1Server')
  const routes = oauth1Routes(settings, '')
  const handle = createRoutes(context, routes, corsOrigin ?? '*')
  const server: OAuth1Server = {
    issuer: context.issuer,
    fetch: fetchOf(handle),
    handles({ pathname }) {
      const path = pathUnderIssuer(pathname, context)
      return path !== undefined && matchesRoute(path, routes)
    },
    verifyRequest: (request, requirements = {}) => verifySignedRequest({ request }, requirements, { settings, server: context }),
    async revokeToken(clientId, token) {
      await settings.hooks(context).deleteTokenCredential(clientId, token)
      context.emit({ type: 'token.revoked', clientId })
    },
  }
  setServer(server, { settings, server: context })
  return server
}
