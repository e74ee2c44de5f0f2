import type { OAuthClient, UserClaims } from '@latchkey/core'
import { assembleClient, createError, explain, type OtherFlowParts, wireOtherClient } from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { withoutCallback, withState } from './callback-url.js'
import { checkOAuth1Options } from './check-options.js'
import { credentialsOf } from './credentials.js'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import { IS_DEVELOPMENT } from './is-development.js'
import { loadSigning } from './lazy.js'
import { problem } from './load-problems.js'
import type { OAuth1Client } from './oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
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
  const { session, restored, logout } = parts
  const { token, userInfo } = config.options
  const credentials = async () => (token === undefined ? restored().then(() => credentialsOf(session.state.tokenSet)) : token)
  const fetch: OAuthClient['fetch'] = async (input, init) =>
    (await loadSigning()).createSignedFetch(config, { signal: () => session.signal, credentials })(input, init)
  const client: OAuthClient<Claims> = assembleClient(parts, {
    fetch,
    logout,
    getAccessToken: unsupported('token that can be used without a signature'),
    refresh: unsupported('refresh'),
    revoke: unsupported('revocation endpoint'),
    introspect: unsupported('introspection'),
    async userInfo() {
      await restored()
      const { tokenSet } = session.state
      if (!tokenSet) throw await explain(createError('missing_token'))
      return (await userInfo?.(fetch, tokenSet)) ?? tokenSet.claims ?? {}
    },
  })
  return {
    ...client,
    temporaryCredentials: (requested = {}) => withSigning((signing) => signing.requestTemporary(config, requested)),
    authorizationUrl: ({ token: identifier }, parameters) => authorizationUrl(config.options, identifier, parameters),
    tokenCredentials(temporary, verifier, { signal } = {}) {
      const request = { credentials: temporary, verifier: trimmed(verifier), moment: session.moment(false), signal }
      return withSigning(async (signing) => {
        const result = await signing.requestToken(config, parts, request)
        if (!result) throw createError('missing_token')
        return result.tokenSet
      })
    },
  }
}

type Signing = Awaited<ReturnType<typeof loadSigning>>

async function withSigning<Result>(work: (signing: Signing) => Promise<Result>): Promise<Result> {
  try {
    return await work(await loadSigning())
  } catch (cause) {
    throw await explain(cause)
  }
}

/** @param typed a code that was copied, or a PIN */
function trimmed(typed: unknown): string {
  return typeof typed === 'string' || typeof typed === 'number' ? String(typed).trim() : ''
}

/** @param what OAuth 1.0a does not have */
function unsupported(what: string): () => Promise<never> {
  return async () => {
    throw await explain(await problem('unsupported', what))
  }
}
