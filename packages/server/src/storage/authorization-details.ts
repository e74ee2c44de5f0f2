/** One object of `authorization_details`. Further members belong to its `type`. @see RFC 9396, section 2 */
export interface AuthorizationDetails {
  /** Names the type, which the server must support. */
  readonly type: string
  /** Where the access applies, as URIs. */
  readonly locations?: readonly string[]
  /** What the client may do. */
  readonly actions?: readonly string[]
  /** Which kinds of data the client may use. */
  readonly datatypes?: readonly string[]
  /** One particular resource. */
  readonly identifier?: string
  /** Which roles or privileges the access has. */
  readonly privileges?: readonly string[]
  readonly [member: string]: unknown
}
