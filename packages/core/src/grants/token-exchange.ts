import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { createError } from '../errors/create-error.js'
import type { TokenSet } from '../protocol/token-set.js'
import { contextOf, type GrantSubject, withTypedErrors } from './grant-subject.js'
import { GRANT_OPTIONS, type GrantRequestOptions, requestGrant } from './request-grant.js'

const EXCHANGE_OPTIONS: OptionNames<TokenExchangeOptions> = {
  ...GRANT_OPTIONS,
  subjectToken: 'string',
  subjectTokenType: 'string',
  actorToken: 'string',
  actorTokenType: 'string',
  requestedTokenType: 'string',
  audience: 'string | list',
}

/** Identifier of a token type, as registered or of the server's own. @see RFC 8693, section 3 */
export type TokenTypeIdentifier =
  | `urn:ietf:params:oauth:token-type:${'access_token' | 'refresh_token' | 'id_token' | 'saml1' | 'saml2' | 'jwt'}`
  | (string & {})

/** Options of {@link tokenExchange}. @see RFC 8693, section 2.1 */
export interface TokenExchangeOptions extends GrantRequestOptions {
  /** Token of the party that the new token is for. */
  readonly subjectToken: string
  /** Type of `subjectToken`. Default: an access token. */
  readonly subjectTokenType?: TokenTypeIdentifier | undefined
  /** Token of the party that acts for the subject. */
  readonly actorToken?: string | undefined
  /** Type of `actorToken`. Default: an access token. */
  readonly actorTokenType?: TokenTypeIdentifier | undefined
  /** Type of the token to issue. Default: the server decides. */
  readonly requestedTokenType?: TokenTypeIdentifier | undefined
  /** Logical names of the services that the token is for. Their URLs go into `resources`. */
  readonly audience?: string | readonly string[] | undefined
}

/** Result of an exchange: `accessToken` is the issued token of any kind, and `issuedTokenType` names the kind. */
export interface ExchangedToken extends TokenSet {
  readonly issuedTokenType: string
}

const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'

/**
 * Exchanges one token for another: for another audience, with less scope, or to act for a user. The client's session does not change.
 *
 * @throws ServerError token_error; NetworkError; ValidationError
 * @see RFC 8693, section 2
 */
export function tokenExchange(subject: GrantSubject, options: TokenExchangeOptions): Promise<ExchangedToken> {
  return withTypedErrors(() => exchangeToken(subject, options), subject)
}

async function exchangeToken(subject: GrantSubject, options: TokenExchangeOptions): Promise<ExchangedToken> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('tokenExchange()', options, EXCHANGE_OPTIONS, 'required')
  const { subjectToken, subjectTokenType, actorToken, actorTokenType, requestedTokenType, audience, ...further } = options
  const tokenSet = await requestGrant(contextOf(subject), {
    ...further,
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    parameters: {
      subject_token: subjectToken,
      subject_token_type: subjectTokenType ?? ACCESS_TOKEN_TYPE,
      actor_token: actorToken,
      actor_token_type: actorToken === undefined ? undefined : (actorTokenType ?? ACCESS_TOKEN_TYPE),
      requested_token_type: requestedTokenType,
      audience,
    },
    secrets: ['subject_token', 'actor_token'],
    tokenTypes: ['n_a'],
  })
  const issuedTokenType = tokenSet.response['issued_token_type']
  if (typeof issuedTokenType !== 'string') {
    throw createError('invalid_response', 'The token exchange response has no "issued_token_type".', {
      hint: 'The server must name the type of the issued token; a compliance hook ("tokenResponse") can add it.',
      spec: 'RFC 8693, section 2.2.1',
    })
  }
  return { ...tokenSet, issuedTokenType }
}
