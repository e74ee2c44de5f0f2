import type { UserClaims } from '@latchkey/core'
import { assembleClient, noteClient, type OtherFlowParts, wireOtherClient } from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { makeCall } from './calls.js'
import { readCallback, withoutCallback } from './callback-url.js'
import { checkAuthorization, checkCall, checkOAuth1Options } from './check-options.js'
import { createFlow } from './flow.js'
import { IS_DEVELOPMENT } from './is-development.js'
import type { OAuth1Client } from './oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import type { OtherCallName } from './other-calls.js'
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
  const call =
    (name: CallName) =>
    async (...given: readonly unknown[]): Promise<unknown> => {
      const client = { config, parts, signal: parts.session.signal, moment: parts.session.moment(false) }
      if (IS_DEVELOPMENT) await checkCall(name, given)
      return makeCall(client, name, given)
    }
  const calls = {
    ...(Object.fromEntries(CALLS.map((name) => [name, call(name)])) as unknown as Pick<OAuth1Client, CallName>),
    logout: parts.logout,
    authorizationUrl: ((credentials, parameters) => {
      if (IS_DEVELOPMENT) checkAuthorization(options.authorizationUrl, credentials?.token)
      return authorizationUrl(options, credentials?.token, parameters)
    }) satisfies OAuth1Client['authorizationUrl'],
  }
  const client = assembleClient<Claims>(parts, calls) as OAuth1Client<Claims>
  if (IS_DEVELOPMENT) noteClient(client)
  return client
}

/** They are in the lazy chunk. */
const CALLS = 'fetch userInfo getAccessToken refresh revoke introspect temporaryCredentials tokenCredentials'.split(
  ' ',
) as readonly CallName[]

type CallName = OtherCallName | 'fetch'
