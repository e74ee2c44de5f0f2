import type { IdTokenClaims, LoginResult, TokenSet } from '@latchkey/core'
import { createError, explain, finishSignIn, timeoutSignal, type OtherFlowParts } from '@latchkey/core/internals'
import type { Credentials, ReceivedCredentials } from './credentials.js'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import { problem } from './load-problems.js'
import type { TemporaryCredentialsOptions } from './oauth1-client.js'
import { requestCredentials } from './request-credentials.js'
import type { OAuth1Config } from './resolve-options.js'
import { createSignedFetch } from './signed-fetch.js'

/** What the last step needs of its client. */
export type TokenParts = Pick<OtherFlowParts<OAuth1Transaction>, 'session' | 'events'>

/** The last step of one authorization. */
export interface TokenCredentialsRequest {
  readonly credentials: Credentials
  readonly verifier: string | undefined
  readonly returnTo?: string | undefined
  /** When the sign-in started or its response arrived. */
  readonly moment: ReturnType<TokenParts['session']['moment']>
  readonly signal?: AbortSignal | undefined
}

/** Requests temporary credentials. @see RFC 5849, section 2.1 */
export async function requestTemporary(
  config: OAuth1Config,
  { callbackUrl = config.callbackUrl, parameters: form, signal }: TemporaryCredentialsOptions,
): Promise<ReceivedCredentials> {
  const received = await requestCredentials(config, {
    url: callbackUrl && config.options.temporaryCredentialsUrl,
    option: callbackUrl ? 'temporaryCredentialsUrl' : 'callbackUrl',
    name: 'temporary credential request endpoint',
    spec: 'RFC 5849, section 2.1',
    parameters: { oauth_callback: callbackUrl ?? '' },
    form,
    signal,
  })
  // Without it the server speaks OAuth 1.0, in which an attacker can start the flow and have the victim finish it.
  if (received.response['oauth_callback_confirmed']?.toLowerCase() === 'true') return received
  throw await problem('notConfirmed')
}

/** Requests token credentials and signs the user in. @returns undefined if the user signed out in the meantime @see RFC 5849, section 2.3 */
export async function requestToken(
  config: OAuth1Config,
  parts: TokenParts,
  { credentials, verifier, returnTo = '/', moment, signal }: TokenCredentialsRequest,
): Promise<LoginResult | undefined> {
  if (!credentials?.token) throw await problem('noCredentials')
  if (!verifier) throw await problem('noVerifier')
  const received = await requestCredentials(config, {
    url: config.options.tokenCredentialsUrl,
    option: 'tokenCredentialsUrl',
    name: 'token request endpoint',
    spec: 'RFC 5849, section 2.3',
    credentials,
    parameters: { oauth_verifier: verifier },
    signal,
  })
  const { failure, ...tokenSet } = await tokenSetOf(config, received, signal)
  // OAuth 1.0a has no time of the server.
  const context = { environment: config.environment, clockOffsetSeconds: () => 0 }
  const result = await finishSignIn({ ...parts, context }, { tokenSet, reason: 'login', returnTo }, moment)
  // The verifier is spent and the token issued: a failure of the app's own function must not lose it.
  if (result && failure) parts.session.fail(await explain(failure))
  return result
}

async function tokenSetOf(
  config: OAuth1Config,
  received: ReceivedCredentials,
  given: AbortSignal | undefined,
): Promise<TokenSet & { readonly failure?: unknown }> {
  const { userInfo, timeout = 30 } = config.options
  const tokenSet: TokenSet = {
    accessToken: received.token,
    tokenType: 'OAuth1',
    receivedAt: Math.floor(config.environment.now() / 1000),
    response: received.response,
  }
  if (!userInfo) return tokenSet
  const limit = timeoutSignal(timeout * 1000)
  const signal = given ? AbortSignal.any([limit, given]) : limit
  const fetch = createSignedFetch(config, { credentials: async () => received, signal: () => signal })
  try {
    // Claims of an ID token are what every session has. Those of OAuth 1.0a are the app's own word.
    return { ...tokenSet, claims: (await userInfo(fetch, tokenSet)) as IdTokenClaims }
  } catch (cause) {
    const hint = 'The user is signed in without claims. Call userInfo() to try again.'
    return { ...tokenSet, failure: createError('unexpected', 'The function "userInfo" of the options failed.', { cause, hint }) }
  }
}
