import type { Resource } from '../fetch/fetch-options.js'
import type { EnvironmentOptions } from '../platform/environment.js'
import type { UserClaims } from '../protocol/claims.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'
import type { RefreshPolicy } from '../refresh/refresh-options.js'
import type { SessionOptions } from '../session/session-options.js'
import type { SignInOptions } from '../sign-in/sign-in-options.js'
import type { Transport, TransportName } from '../sign-in/transports/transport.js'
import type { TokenStorage } from '../storage/token-storage.js'

/**
 * The options of `createOAuthClient`. Each group is defined in the folder that uses it.
 *
 * A development build refuses unknown names with a suggestion. A production build does not: its options are those that were developed with,
 * and their names would be in every app. Check what comes from elsewhere at run time by `refuseUnknownOptions`.
 */
export interface ClientOptions<Claims = UserClaims>
  extends ProtocolOptions, SignInOptions, RefreshPolicy, SessionOptions<Claims>, EnvironmentOptions {
  /** Tells several clients of one page apart if issuer and client id are the same. */
  readonly name?: string | undefined
  /** Where the end session endpoint returns to. Default: `redirectUri`. */
  readonly postLogoutRedirectUri?: string | undefined
  /** Where access tokens may be sent. Default: this origin only. */
  readonly resources?: ReadonlyArray<string | Resource> | undefined
  /** Where the session is kept. Default `indexedDb()`. */
  readonly storage?: TokenStorage | undefined
  /**
   * Lets `fetch` sign the user in again if an API requires a stronger or fresher sign-in (`insufficient_user_authentication`), a
   * wider scope (`insufficient_scope`) or certain claims (`insufficient_claims`), by this transport. With a popup or iframe the same request is then sent again; a redirect
   * navigates away. Default: not allowed, the API's response is returned.
   *
   * @see RFC 9470
   */
  readonly stepUp?: TransportName | Transport | undefined
}
