import type { TokenSet } from '../protocol/token-set.js'
import { contextOf } from './grant-subject.js'
import type { GrantSubject } from './grant-subject.js'
import { requestGrant } from './request-grant.js'
import type { GrantOptions } from './request-grant.js'

export interface JwtBearerGrantOptions extends GrantOptions {
  /** A signed JSON Web Token that says on whose behalf; `signAssertion` makes one. */
  readonly assertion: string
  /** Another kind of assertion, such as SAML's (RFC 7522). */
  readonly grantType?: string
}

/**
 * A token for an assertion: a signed statement about somebody that the server trusts.
 *
 * @throws ServerError invalid_grant, token_error; NetworkError; ValidationError
 * @see RFC 7523, section 2.1; RFC 7521, section 4.1
 */
export async function jwtBearerGrant(subject: GrantSubject, options: JwtBearerGrantOptions): Promise<TokenSet> {
  const { assertion, grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer', ...further } = options
  return requestGrant(contextOf(subject), { ...further, grantType, parameters: { assertion }, secrets: ['assertion'] })
}
