import { OAuthError } from '../http/oauth-error.js'
import type { Parameters } from '../http/parameters.js'
import type { AuthorizationDetails } from '../storage/authorization-details.js'
import type { ClientRecord } from '../storage/client-record.js'

/** The member that requests, grants and tokens have; absent if nothing was requested in detail. */
export interface WithDetails {
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
}

/** Reads and describes authorization details. Provided by the feature `rar()`. @see RFC 9396 */
export interface AuthorizationDetailsSupport {
  /** Returns the details of a request. Throws OAuthError `invalid_authorization_details`. @see RFC 9396, section 5 */
  requested(params: Parameters, client: ClientRecord): Promise<WithDetails>
  /**
   * Returns the details that a token request narrows a grant to, or all of those granted.
   * Throws OAuthError `invalid_authorization_details` for more than was granted. @see RFC 9396, section 6
   */
  narrowed(params: Parameters, granted: WithDetails['authorizationDetails'], client: ClientRecord): Promise<WithDetails>
  /** Returns one sentence per object, as plain text that must be escaped. */
  describe(details: readonly AuthorizationDetails[]): readonly string[]
}

/** Tells whether a request has authorization details. */
export function requestsDetails(params: Parameters): boolean {
  return params.get('authorization_details') !== undefined
}

/** For servers without the feature: every type is unknown. */
export const NO_AUTHORIZATION_DETAILS: AuthorizationDetailsSupport = {
  async requested(params) {
    rejectDetails(params)
    return {}
  },
  async narrowed(params, granted) {
    rejectDetails(params)
    return { authorizationDetails: granted }
  },
  describe: () => [],
}

function rejectDetails(params: Parameters): void {
  if (!requestsDetails(params)) return
  throw new OAuthError('invalid_authorization_details', '"authorization_details" has a type that this server does not support')
}
