import { refuseUnknownOptions } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import type { OAuthClient } from './client.js'
import { internalsOf } from './internals.js'
import { LOGOUT_OPTIONS } from './option-names.js'

/**
 * Creates the URL that signs the user out at the server, for a server that redirects a browser, or a link. The local session stays:
 * `logout()` ends it.
 *
 * @returns undefined if the server has no end session endpoint
 * @throws NetworkError; ValidationError invalid_metadata
 * @see OpenID Connect RP-Initiated Logout 1.0, section 2
 */
export async function createSignOutUrl(
  client: Pick<OAuthClient<never>, 'options' | 'start'>,
  options: Omit<LogoutOptions, 'local' | 'revoke' | 'transport'> = {},
): Promise<URL | undefined> {
  const { session, sessionCalls, context } = internalsOf(client)
  try {
    if (IS_DEVELOPMENT) {
      const { local: _local, revoke: _revoke, transport: _transport, ...names } = LOGOUT_OPTIONS
      refuseUnknownOptions('createSignOutUrl()', options, names)
    }
    if (session.state.status === 'restoring') await client.start()
    // Before anything is loaded, so that the hint names the user for whom the call was made.
    const { idToken } = session.state.tokenSet ?? {}
    const calls = await sessionCalls()
    return await calls.createSignOutUrl(idToken, options)
  } catch (cause) {
    throw await context.explain(cause)
  }
}
