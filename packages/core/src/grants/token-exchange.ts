import { createError } from '../errors/create-error.js'
import type { TokenSet } from '../protocol/token-set.js'
import { contextOf } from './grant-subject.js'
import type { GrantSubject } from './grant-subject.js'
import { requestGrant } from './request-grant.js'
import type { GrantOptions } from './request-grant.js'

/** @see RFC 8693, section 3 */
export type TokenTypeIdentifier =
  | `urn:ietf:params:oauth:token-type:${'access_token' | 'refresh_token' | 'id_token' | 'saml1' | 'saml2' | 'jwt'}`
  | (string & {})

export interface TokenExchangeOptions extends GrantOptions {
  readonly subjectToken: string
  /** Default: an access token. */
  readonly subjectTokenType?: TokenTypeIdentifier
  /** Who acts for the subject. */
  readonly actorToken?: string
  readonly actorTokenType?: TokenTypeIdentifier
  readonly requestedTokenType?: TokenTypeIdentifier
  /** Logical names of the services the token is for; `resources` are their addresses. */
  readonly audience?: string | readonly string[]
}

/** What an exchange brings: `accessToken` is the issued token, whatever its kind; `issuedTokenType` says which it is. */
export interface ExchangedToken extends TokenSet {
  readonly issuedTokenType: string
}

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/**
 * Trades one token for another: for another audience, with less scope, or to act for somebody. The session of a client stays as it is.
 *
 * @throws ServerError token_error; NetworkError; ValidationError
 * @see RFC 8693, section 2
 */
export async function tokenExchange(subject: GrantSubject, options: TokenExchangeOptions): Promise<ExchangedToken> {
  const { subjectToken, subjectTokenType, actorToken, actorTokenType, requestedTokenType, audience, ...further } = options
  const tokenSet = await requestGrant(contextOf(subject), {
    ...further,
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    parameters: {
      subject_token: subjectToken,
      subject_token_type: subjectTokenType ?? accessTokenType,
      actor_token: actorToken,
      actor_token_type: actorToken === undefined ? undefined : (actorTokenType ?? accessTokenType),
      requested_token_type: requestedTokenType,
      audience,
    },
    secrets: ['subject_token', 'actor_token'],
    tokenTypes: ['n_a'],
  })
  const issuedTokenType = tokenSet.response['issued_token_type']
  if (typeof issuedTokenType !== 'string') {
    throw createError('invalid_response', 'the answer to the token exchange has no "issued_token_type"', {
      hint: 'The server has to say what kind of token it issued; a compliance hook ("tokenResponse") can put it in.',
      spec: 'RFC 8693, section 2.2.1',
    })
  }
  return { ...tokenSet, issuedTokenType }
}
