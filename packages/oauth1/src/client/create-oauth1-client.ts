import type { UserClaims } from '@latchkey/core'
import { assembleClient, noteClient, type OtherFlowParts, type TokenCalls, wireOtherClient } from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { fetchOf, loadOthers } from './calls.js'
import type { CallingClient } from './calling-client.js'
import { readCallback, withoutCallback } from './callback-url.js'
import { checkAuthorization, checkOAuth1Options } from './check-options.js'
import { createFlow } from './flow.js'
import { IS_DEVELOPMENT } from './is-development.js'
import type { OAuth1Client } from './oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import type { OtherCalls } from './other-calls.js'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import { resolveOAuth1Options } from './resolve-options.js'

/**
 * Creates a client for one provider with OAuth 1.0a. Nothing is read, sent or listened to before `start()` (or the first call that needs
 * the session).
 *
 * @throws ConfigurationError for options that are missing, unknown, incomplete or contradict each other
 * @see RFC 5849
 * @example
 * import { createOAuth1Client } from '@latchkey/oauth1'
 * const client = createOAuth1Client({
 *   consumerKey: 'dpf43f3p2l4k3l03',
 *   consumerSecret: process.env.CONSUMER_SECRET,
 *   temporaryCredentialsUrl: 'https://photos.example.net/initiate',
 *   authorizationUrl: 'https://photos.example.net/authorize',
 *   tokenCredentialsUrl: 'https://photos.example.net/token',
 *   resources: ['https://photos.example.net/photos'],
 * })
 */
export function createOAuth1Client<Claims = UserClaims>(options: OAuth1ClientOptions<Claims>): OAuth1Client<Claims> {
  if (IS_DEVELOPMENT) checkOAuth1Options(options as OAuth1ClientOptions)
  const config = resolveOAuth1Options(options as OAuth1ClientOptions)
  const parts = wireOtherClient(config.base, {
    createFlow: (flow: OtherFlowParts<OAuth1Transaction>) => createFlow(config, flow),
    readResponse: (url) => readCallback(config, url) && url,
    withoutResponse: withoutCallback,
  })
  /** The client at the moment of a call: what happens to the session until the code is loaded must stop the call. */
  const caller = (): CallingClient => ({
    config,
    parts,
    signal: parts.session.signal,
    moment: parts.session.moment(false),
  })
  const others = (): Promise<OtherCalls> => loadOthers(caller())
  const unsupported = async (): Promise<never> => (await others()).unsupported()
  const calls = {
    fetch: async (input, init) => fetchOf(caller())(input, init),
    userInfo: async () => (await others()).userInfo(),
    getAccessToken: unsupported,
    refresh: unsupported,
    revoke: unsupported,
    introspect: unsupported,
    temporaryCredentials: async (request) => (await others()).temporaryCredentials(request),
    tokenCredentials: async (...request) => (await others()).tokenCredentials(...request),
    logout: parts.logout,
    authorizationUrl(credentials, parameters) {
      if (IS_DEVELOPMENT) checkAuthorization(options.authorizationUrl, credentials?.token)
      return authorizationUrl(options, credentials?.token, parameters)
    },
  } satisfies TokenCalls & Pick<OAuth1Client, 'temporaryCredentials' | 'authorizationUrl' | 'tokenCredentials'>
  const client = assembleClient<Claims>(parts, calls) as OAuth1Client<Claims>
  if (IS_DEVELOPMENT) noteClient(client)
  return client
}
