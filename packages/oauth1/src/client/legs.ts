import type { LoginResult, TokenSet } from '@latchkey/core'
import { loadOtherCalls } from '@latchkey/core/internals'
import type { TokenParts } from './calling-client.js'
import type { CredentialsRequest, TokenCredentialsRequest } from './credentials-request.js'
import type { ReceivedCredentials } from './credentials.js'
import { loadRare } from './lazy-rare.js'
import { loadProblems } from './load-problems.js'
import { requestCredentials } from './request-credentials.js'
import type { OAuth1Config } from './resolve-options.js'
import { createSignedFetch } from './signed-fetch.js'

/** Requests temporary credentials. @see RFC 5849, section 2.1 */
export async function requestTemporary(
  config: OAuth1Config,
  callbackUrl: string,
  more: Pick<CredentialsRequest, 'body' | 'signal'>,
): Promise<ReceivedCredentials> {
  const received = await requestCredentials(config, 'temporary', { ...more, parameters: { oauth_callback: callbackUrl } })
  // Without it the server speaks OAuth 1.0, in which an attacker can start the flow and have the victim finish it.
  if (/^true$/i.test(received.response['oauth_callback_confirmed'] ?? '')) return received
  throw (await loadProblems()).notConfirmed()
}

/** Requests token credentials and signs the user in. @returns undefined if the user signed out in the meantime @see RFC 5849, section 2.3 */
export async function requestToken(
  config: OAuth1Config,
  parts: TokenParts,
  { credentials, verifier, returnTo = '/', moment, signal }: TokenCredentialsRequest,
): Promise<LoginResult | undefined> {
  if (!verifier) throw (await loadProblems()).noVerifier()
  const parameters = { oauth_verifier: verifier }
  const { token, response } = await requestCredentials(config, 'token', { credentials, parameters, signal })
  const { finishSignIn } = await loadOtherCalls()
  const { environment } = config.base
  // OAuth 1.0a has no time of the server.
  const context = { environment, clockOffsetSeconds: () => 0 }
  const finish = (tokenSet: TokenSet): Promise<LoginResult | undefined> =>
    finishSignIn({ ...parts, context }, { tokenSet, reason: 'login', returnTo }, moment)
  const receivedAt = Math.floor(environment.now() / 1000)
  const tokenSet = { accessToken: token, tokenType: 'OAuth1', receivedAt, response }
  if (!config.options.userInfo) return finish(tokenSet)
  return (await loadRare()).finishWithUser(config, tokenSet, finish, { ...parts, createSignedFetch, signal })
}
