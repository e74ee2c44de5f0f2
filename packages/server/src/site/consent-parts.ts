import type { AuthorizationDetails } from '../storage/authorization-details.js'
import type { IndividualClaims } from '../token/individual-claims.js'

/** Everything that a user agrees to on a consent page. Text in it is the client's: plain text that must be escaped. */
export interface ConsentParts {
  /** The scope that would be granted. */
  readonly scope: readonly string[]
  /** Claims that are requested one by one, beside those of the scope. @see OpenID Connect Core 1.0, section 5.5 */
  readonly individualClaims: IndividualClaims
  /** Where the access token would be valid; empty: everywhere. @see RFC 8707, section 3 */
  readonly resources: readonly string[]
  /** The requested details. Consent to them is valid once. @see RFC 9396 */
  readonly authorizationDetails: readonly AuthorizationDetails[]
}

/** What a user agreed to of a request: everything by default, never more. */
export type GivenConsent = Partial<ConsentParts>
