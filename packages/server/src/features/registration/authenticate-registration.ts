import { OAuthError } from '../../http/oauth-error.js'
import { limitGuesses } from '../../limits/limit-guesses.js'
import { presentedToken } from '../../resource/presented-token.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { digest, isSameSecret } from '../../storage/digest.js'
import type { FeatureContext } from '../feature.js'

/** Throws OAuthError `invalid_token` if registration needs a token that the request does not have. @see RFC 7591, section 3 */
export async function checkInitialAccessToken(context: FeatureContext, expected: string | undefined): Promise<void> {
  if (expected === undefined) return
  const presented = presentedToken(context.request)?.token
  const check = async (): Promise<true | undefined> =>
    presented !== undefined && (await isSameSecret(presented, expected)) ? true : undefined
  const guess = { kind: 'registration', name: 'initial access token' } as const
  if (await (presented === undefined ? check() : limitGuesses(context, guess, check))) return
  throw new OAuthError('invalid_token', 'registration needs an initial access token')
}

/** A client that manages its registration. */
export interface AuthenticatedRegistration {
  readonly client: ClientRecord
  /** The registration access token of the request. */
  readonly token: string
}

/** Finds the client by the URL and its registration access token. Throws OAuthError `invalid_token`. @see RFC 7592, section 2 */
export async function authenticateRegistration(context: FeatureContext): Promise<AuthenticatedRegistration> {
  const { request, url, server } = context
  // Registered ids are UUIDs, which need no decoding.
  const clientId = url.pathname.split('/').at(-1) ?? ''
  const token = presentedToken(request)?.token ?? ''
  const known = await server.clients.findClient(clientId)
  const check = async (): Promise<AuthenticatedRegistration | undefined> => {
    const isAuthentic = await isSameSecret(await digest(token), known?.registrationToken ?? '')
    return known && isAuthentic ? { client: known, token } : undefined
  }
  const guess = { kind: 'registration', name: clientId, event: () => ({ clientId: known?.clientId }) } as const
  // Names that no client has are not counted: each would be a key in the store.
  const authenticated = await (token === '' || !known ? check() : limitGuesses(context, guess, check))
  if (authenticated) return authenticated
  server.emit({ type: 'client_authentication.failed', error: 'invalid_token', endpoint: '/register', clientId: known?.clientId })
  throw new OAuthError('invalid_token', 'the registration access token is not that of this client')
}
