import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { refuseUnknownOptions } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { AuthorizationUrl, AuthorizationUrlOptions } from '../sign-in/authorization-url.js'
import type { LoginResult } from '../sign-in/sign-in-options.js'
import type { OAuthClient } from './client.js'
import { internalsOf } from './internals.js'
import { AUTHORIZATION_URL_OPTIONS } from './option-names.js'

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
  const { serverCalls, context } = internalsOf(client)
  try {
    if (IS_DEVELOPMENT) refuseUnknownOptions('createAuthorizationUrl()', options, AUTHORIZATION_URL_OPTIONS)
    const { prepareAuthorizationUrl } = await serverCalls()
    return await prepareAuthorizationUrl(options)
  } catch (cause) {
    throw await context.explain(cause)
  }
}

/**
 * Second half: creates the session from the response at the redirect URI.
 *
 * @throws ValidationError mismatching_state for a response that no request waits for; ServerError; NetworkError
 * @see RFC 6749, sections 4.1.2 to 4.1.4
 */
export async function exchange(
  client: Pick<OAuthClient<never>, 'options'>,
  callbackUrl: string | URL,
): Promise<LoginResult | undefined> {
  const { serverCalls, session, context, config } = internalsOf(client)
  try {
    const { completeSignIn } = await serverCalls()
    const base = config.environment.window?.location.href
    if (!URL.canParse(callbackUrl, base)) throw notUrl()
    return await completeSignIn(new URL(callbackUrl, base))
  } catch (cause) {
    const error = await context.explain(cause)
    session.fail(error)
    throw error
  }
}

/** The value itself may contain a code. */
function notUrl(): OAuthClientError {
  return createError('configuration', 'The callback URL is not an absolute URL.', {
    hint: 'Pass the URL at which the authorization response arrived, with its query and fragment.',
    spec: 'RFC 6749, section 4.1.2',
  })
}
