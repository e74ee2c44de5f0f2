import type { LoginResult } from '@latchkey/core'
import { finishSignIn } from '@latchkey/core/internals'
import type { TokenParts } from './calling-client.js'
import type { Credentials, ReceivedCredentials } from './credentials.js'
import { loadRareCalls } from './lazy-rare.js'
import { problem } from './load-problems.js'
import type { TemporaryCredentialsOptions } from './oauth1-client.js'
import { requestCredentials } from './request-credentials.js'
import type { OAuth1Config } from './resolve-options.js'
import { createSignedFetch } from './signed-fetch.js'

/** The last step of one authorization. */
export interface TokenCredentialsRequest {
  readonly credentials: Credentials
  readonly verifier: string | null
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
  if (!callbackUrl) throw await problem('missingOption', 'callbackUrl')
  const parameters = { oauth_callback: callbackUrl }
  const received = await requestCredentials(config, 'temporary', { parameters, form, signal })
  // Without it the server speaks OAuth 1.0, in which an attacker can start the flow and have the victim finish it.
  if (received.response['oauth_callback_confirmed']?.toLowerCase() === 'true') return received
  throw await problem('notConfirmed')
}

/** Requests token credentials and signs the user in. @returns undefined if the user signed out in the meantime @see RFC 5849, section 2.3 */
export async function requestToken(
  config: OAuth1Config,
  { session, events }: TokenParts,
  { credentials, verifier, returnTo = '/', moment, signal }: TokenCredentialsRequest,
): Promise<LoginResult | undefined> {
  if (!credentials?.token || !verifier) throw await problem('incomplete', credentials)
  const parameters = { oauth_verifier: verifier }
  const received = await requestCredentials(config, 'token', { credentials, parameters, signal })
  const { options, base } = config
  const tokenSet = {
    accessToken: received.token,
    tokenType: 'OAuth1',
    receivedAt: Math.floor(base.environment.now() / 1000),
    response: received.response,
  }
  const fetchUntil = (limit: AbortSignal) =>
    createSignedFetch(
      config,
      async () => received,
      () => limit,
    )
  const user = options.userInfo && (await (await loadRareCalls()).readUser(options, tokenSet, fetchUntil, signal))
  // OAuth 1.0a has no time of the server.
  const context = { environment: base.environment, clockOffsetSeconds: () => 0 }
  const tokens = { tokenSet: { ...tokenSet, ...user?.claimed }, reason: 'login', returnTo } as const
  const result = await finishSignIn({ session, events, context }, tokens, moment)
  // The verifier is spent and the token issued: a failure of the app's own function must not lose it.
  if (result && user?.failure) session.fail(user.failure)
  return result
}
