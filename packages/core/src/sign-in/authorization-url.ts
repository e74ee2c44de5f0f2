import { createError } from '../errors/create-error.js'
import { asClientError } from '../errors/client-error.js'
import { loadFlows } from '../client/lazy.js'
import type { OAuthClient } from '../client/client.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import { partsOf } from '../client/parts-of-client.js'
import { createState } from './response-url.js'

/** Options of {@link createAuthorizationUrl}. */
export interface AuthorizationUrlOptions extends Omit<LoginOptions, 'transport' | 'fallback'> {
  /** Used as it is; default: one with 256 random bits. A page that comes back knows the latest one of its tab. */
  readonly state?: string
  /** 43 to 128 unreserved characters (RFC 7636 section 4.1); default: 43 random ones. */
  readonly codeVerifier?: string
}

/** The authorization request that {@link createAuthorizationUrl} created. Its transaction is stored. */
export interface AuthorizationUrl {
  readonly url: URL
  readonly state: string
  readonly codeVerifier?: string
  readonly nonce?: string
}

/**
 * First half of a sign-in, for those who bring their own transport (an extension, Electron, Capacitor, a test): the URL to open.
 * The transaction is remembered, so that `exchange` finds it, after a restart too where the storage is persistent.
 *
 * @throws ConfigurationError configuration, unsupported; NetworkError; ValidationError invalid_metadata
 * @see RFC 6749, section 4.1.1; RFC 7636, section 4.3
 */
export async function createAuthorizationUrl(
  client: Pick<OAuthClient<never>, 'options'>,
  options: AuthorizationUrlOptions = {},
): Promise<AuthorizationUrl> {
  const parts = partsOf(client)
  const { state = createState(parts.config.key, 'x'), codeVerifier, returnTo, ...login } = options
  const redirectUri = login.redirectUri ?? parts.config.redirectUri
  if (redirectUri === undefined)
    throw createError('configuration', '"redirectUri" is missing, or a path where there is no page', {
      hint: 'Pass an absolute redirectUri in the options of the client or of this call.',
      spec: 'RFC 6749, section 3.1.2',
    })
  if (codeVerifier !== undefined) checkCodeVerifier(codeVerifier)
  const { createAuthorizationRequest, remember } = await loadFlows()
  const input = { parameters: login, state, redirectUri, codeVerifier }
  const { url, expectation } = await createAuthorizationRequest(parts.context, input)
  await remember(parts, { ...expectation, returnTo, transport: 'own', createdAt: parts.config.environment.now() })
  const { nonce, codeVerifier: used } = expectation
  return { url, state, ...(used === undefined ? {} : { codeVerifier: used }), ...(nonce === undefined ? {} : { nonce }) }
}

/**
 * Second half: the response, as it came back to the redirect URI, becomes the session.
 *
 * @throws ValidationError mismatching_state for a response that no request waits for; ServerError; NetworkError
 * @see RFC 6749, sections 4.1.2 to 4.1.4
 */
export async function exchange(
  client: Pick<OAuthClient<never>, 'options'>,
  callbackUrl: string | URL,
): Promise<LoginResult | undefined> {
  const parts = partsOf(client)
  try {
    const { completeSignIn } = await loadFlows()
    return await completeSignIn(parts, new URL(callbackUrl))
  } catch (cause) {
    const error = asClientError(cause)
    parts.session.fail(error)
    throw error
  }
}

function checkCodeVerifier(codeVerifier: string): void {
  if (/^[A-Za-z0-9._~-]{43,128}$/.test(codeVerifier)) return
  throw createError('configuration', '"codeVerifier" must be 43 to 128 letters, digits or "-._~"', {
    hint: 'Leave it out: a random one is made.',
    spec: 'RFC 7636, section 4.1',
  })
}
