import type { UserClaims } from '@latchkey/core'
import { assembleClient, explain, type OtherFlowParts, wireOtherClient } from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { withoutCallback, withState } from './callback-url.js'
import type { CallName } from './calls.js'
import { checkAuthorization, checkCall, checkOAuth1Options } from './check-options.js'
import { IS_DEVELOPMENT } from './is-development.js'
import { loadSigning } from './lazy.js'
import type { OAuth1Client } from './oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
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
    load: loadSigning,
    createFlow: (signing: Signing, flow: OtherFlowParts<OAuth1Transaction>) => signing.createFlow(config, flow),
    readResponse: (url) => withState(config, url),
    withoutResponse: withoutCallback,
  })
  const call =
    (name: CallName) =>
    async (...given: readonly unknown[]): Promise<unknown> => {
      const client = { config, parts, moment: parts.session.moment(false) }
      try {
        if (IS_DEVELOPMENT) checkCall(name, given)
        const { calls } = await loadSigning()
        return await (calls[name] as (...all: readonly unknown[]) => unknown)(client, ...given)
      } catch (cause) {
        // What the browser's own `fetch` throws is thrown as it is.
        throw name === 'fetch' ? cause : await explain(cause)
      }
    }
  const calls = {
    ...(Object.fromEntries(CALLS.map((name) => [name, call(name)])) as unknown as Pick<OAuth1Client, CallName>),
    logout: parts.logout,
    authorizationUrl: ((credentials, parameters) => {
      if (IS_DEVELOPMENT) checkAuthorization(options.authorizationUrl, credentials?.token)
      return authorizationUrl(options, credentials?.token, parameters)
    }) satisfies OAuth1Client['authorizationUrl'],
  }
  return assembleClient<Claims>(parts, calls) as OAuth1Client<Claims>
}

/** They are in the lazy chunk. */
const CALLS = 'fetch userInfo getAccessToken refresh revoke introspect temporaryCredentials tokenCredentials'.split(
  ' ',
) as readonly CallName[]

type Signing = Awaited<ReturnType<typeof loadSigning>>
