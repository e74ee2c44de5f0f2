import type { AuthorizationServer } from '../../server/authorization-server.js'
import type { Route } from '../../http/route.js'
import { checkSharedSecret } from '../../options/unshared-secret.js'
import type { Feature } from '../feature.js'
import { authorizationEndpoint } from './authorization-page.js'
import { credentialEndpoint, issueTemporaryCredentials, issueTokenCredentials } from './credential-endpoints.js'
import type { OAuth1Options } from './oauth1-options.js'
import { oauth1ContextOf, setFeature } from './protected-servers.js'
import { type OAuth1Settings, resolveOAuth1Options } from './oauth1-settings.js'
import { type OAuth1Requirements, type OAuth1Verification, verifySignedRequest } from './verify-oauth1-request.js'

/**
 * Creates the feature of OAuth 1.0a, beside OAuth 2: `/oauth1/initiate`, `/oauth1/authorize` and `/oauth1/token`. Users sign in on the same
 * site. `createOAuth1Server` makes a server of OAuth 1.0a alone.
 *
 * @see RFC 5849
 */
export function oauth1(options: OAuth1Options): Feature {
  const settings = resolveOAuth1Options(options)
  return {
    name: 'oauth1',
    routes: oauth1Routes(settings, '/oauth1'),
    check(server) {
      if (settings.needsSecret) checkSharedSecret(server.secret, 'oauth1')
      setFeature(server, settings)
    },
  }
}

/** The endpoints of RFC 5849, section 2. @param prefix of their paths */
export function oauth1Routes(settings: OAuth1Settings, prefix: string): readonly Route[] {
  const [initiate, authorize, token] = [`${prefix}/initiate`, `${prefix}/authorize`, `${prefix}/token`]
  // Another method is refused with a body that clients of OAuth 1 can read.
  const methods = ['ALL']
  return [
    { path: initiate, methods, handle: credentialEndpoint(settings, initiate, issueTemporaryCredentials), audience: 'script' },
    {
      path: authorize,
      methods,
      handle: (context) => authorizationEndpoint(context, settings),
      audience: 'page',
    },
    { path: token, methods, handle: credentialEndpoint(settings, token, issueTokenCredentials), audience: 'script' },
  ]
}

/**
 * Protects a resource with OAuth 1.0a. The body of the request stays readable.
 *
 * @param server with the feature `oauth1()`. Throws a TypeError for another one
 * @see RFC 5849, section 3.2
 */
export async function verifyOAuth1Request(
  server: AuthorizationServer,
  request: Request,
  requirements: OAuth1Requirements = {},
): Promise<OAuth1Verification> {
  return verifySignedRequest({ request }, requirements, oauth1ContextOf(server))
}

/** Deletes token credentials: the client's next request with them is refused. */
export async function revokeOAuth1Token(server: AuthorizationServer, clientId: string, token: string): Promise<void> {
  const { settings, server: context } = oauth1ContextOf(server)
  await settings.hooks(context).deleteTokenCredential(clientId, token)
  context.emit({ type: 'token.revoked', clientId })
}
