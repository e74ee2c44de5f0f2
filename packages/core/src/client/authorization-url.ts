import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { AuthorizationUrl, AuthorizationUrlOptions, SavedAuthorization } from '../sign-in/authorization-url.js'
import type { LoginResult } from '../sign-in/sign-in-options.js'
import type { OAuthClient } from './client.js'
import { internalsOf } from './internals.js'
import { LOGIN_OPTIONS, SAVED_AUTHORIZATION } from './option-names.js'

/**
 * First half of a sign-in with a custom transport (an extension, Electron, Capacitor, a test): creates the URL to open. The transaction
 * is stored, so that `exchange` finds it, even after a restart if the storage is persistent.
 *
 * @throws ConfigurationError configuration, unsupported; NetworkError; ValidationError invalid_metadata
 * @see RFC 6749, section 4.1.1; RFC 7636, section 4.3
 */
export async function createAuthorizationUrl(
  client: Pick<OAuthClient<never>, 'options'>,
  options: AuthorizationUrlOptions = {},
): Promise<AuthorizationUrl> {
  const { sessionCalls, context } = internalsOf(client)
  try {
    if (IS_DEVELOPMENT) {
      const { transport: _transport, fallback: _fallback, ...shared } = LOGIN_OPTIONS
      const names: OptionNames<AuthorizationUrlOptions> = { ...shared, state: 'string', codeVerifier: 'string' }
      refuseUnknownOptions('createAuthorizationUrl()', options, names)
    }
    const { prepareAuthorizationUrl } = await sessionCalls()
    return await prepareAuthorizationUrl(options)
  } catch (cause) {
    throw await context.explain(cause)
  }
}

/**
 * Second half: creates the session from the response at the redirect URI.
 *
 * @param callbackUrl the address at which the response arrived; a relative one is resolved against the page or the redirect URI
 * @param saved for a request that another session or process has sent: what `createAuthorizationUrl` returned there. Save it where only
 *   this user's browser leads, such as a server's session, and use it once
 * @throws ValidationError mismatching_state for a response that no request waits for, even if a user is signed in; issuer_mismatch for
 *   one at another address than the redirect URI of its request; ServerError; NetworkError
 * @see RFC 6749, sections 4.1.2 to 4.1.4
 */
export async function exchange(
  client: Pick<OAuthClient<never>, 'options'>,
  callbackUrl: string | URL,
  saved?: SavedAuthorization,
): Promise<LoginResult | undefined> {
  const { sessionCalls, session, context } = internalsOf(client)
  try {
    if (IS_DEVELOPMENT) refuseUnknownOptions('exchange()', saved, SAVED_AUTHORIZATION)
    return await (await sessionCalls()).exchange(callbackUrl, saved)
  } catch (cause) {
    const error = await context.explain(cause)
    // A response that no request waits for changes nothing for a user who is signed in.
    if (error.code !== 'mismatching_state' || session.state.status !== 'signed-in') session.fail(error)
    throw error
  }
}
