import type { AccessToken, AuthedRequestInit } from '@latchkey/core'
import { createError, explain, loadOtherCalls } from '@latchkey/core/internals'
import { contextOf } from './context-of.js'
import type { Credentials } from './credentials.js'
import { loadRare } from './lazy-rare.js'
import type { OAuth1Config } from './resolve-options.js'
import { sign } from './sign.js'

interface SigningToken extends AccessToken {
  readonly credentials: Credentials | null
}

/**
 * Creates a `fetch` that signs each request. The URL is checked against the resource list before anything is sent.
 *
 * @param credentialsOfCall returns null to sign with the client's credentials only; undefined if no user is signed in
 * @param session is aborted when the session ends
 * @throws ConfigurationError resource_not_allowed, configuration; SessionError missing_token; what `fetch` throws
 * @see RFC 5849, section 3
 */
export function createSignedFetch(
  config: OAuth1Config,
  credentialsOfCall: () => Promise<Credentials | null | undefined>,
  session: AbortSignal,
): (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response> {
  const { options, base } = config
  const { resources, allowPlainHttp } = options
  return async (...given) => {
    const { createAuthedFetch, createResourceList, ...calls } = await loadOtherCalls()
    const signedFetch = createAuthedFetch({
      // Also what is not signed: without the proxy, a page cannot reach the API.
      context: await contextOf(config),
      resources: createResourceList(resources, base.environment.window?.location.origin, allowPlainHttp),
      sessionSignal: () => session,
      async accessToken(): Promise<SigningToken> {
        const credentials = await credentialsOfCall()
        if (credentials === undefined) throw await explain(createError('missing_token'))
        return { accessToken: '', tokenType: 'OAuth1', credentials }
      },
      load: async () => ({
        ...calls,
        // Another signature would be refused as well.
        answerChallenge: async (_parts, { response }) => response,
        async sendSpecial(_context, { token, request, transmit }) {
          const signed = await sign(config, request, (token as SigningToken).credentials)
          // Of the parts of a signed request, `fetch` itself drops the header before it follows a redirect to another origin.
          return signed === request ? transmit(signed) : (await loadRare()).sendRarely(options, signed, transmit)
        },
      }),
    })
    return signedFetch(...given)
  }
}
