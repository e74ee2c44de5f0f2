import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { TokenSet } from '../protocol/token-set.js'
import { contextOf, type GrantSubject, withTypedErrors } from './grant-subject.js'
import { GRANT_OPTIONS, type GrantRequestOptions, requestGrant } from './request-grant.js'

const JWT_BEARER_OPTIONS: OptionNames<JwtBearerGrantOptions> = { ...GRANT_OPTIONS, assertion: 'string', grantType: 'string' }

/** Options of {@link jwtBearerGrant}. */
export interface JwtBearerGrantOptions extends GrantRequestOptions {
  /** Signed JSON Web Token whose `sub` is the user to act for. `signAssertion` creates one. */
  readonly assertion: string
  /** Grant type of another kind of assertion, such as SAML (RFC 7522). */
  readonly grantType?: string | undefined
}

/**
 * Requests a token with an assertion: a statement about a user or client, signed by a party that the server trusts.
 *
 * @throws ServerError invalid_grant, token_error; NetworkError; ValidationError
 * @see RFC 7523, section 2.1; RFC 7521, section 4.1
 */
export function jwtBearerGrant(subject: GrantSubject, options: JwtBearerGrantOptions): Promise<TokenSet> {
  return withTypedErrors(async () => {
    if (IS_DEVELOPMENT) refuseUnknownOptions('jwtBearerGrant()', options, JWT_BEARER_OPTIONS, 'required')
    const { assertion, grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer', ...further } = options
    return requestGrant(contextOf(subject), { ...further, grantType, parameters: { assertion }, secrets: ['assertion'] })
  }, subject)
}
