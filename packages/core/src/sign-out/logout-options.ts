import type { EndSessionParameters } from '../protocol/protocol-options.js'
import type { TransportName } from '../sign-in/transports/transport.js'

/** Options of one sign-out. */
export interface LogoutOptions extends EndSessionParameters {
  /** Ends the session in this browser only; the server's session stays. */
  readonly local?: boolean | undefined
  /**
   * How the browser goes to the end session endpoint. `popup` and `iframe` leave this page as it is, and `logout()` rejects if the server
   * did not redirect back; the session in this browser has ended then too. Many servers refuse frames, and one on another site gets no
   * cookie in them. Default `redirect`.
   */
  readonly transport?: TransportName | undefined
  /** Revoke the refresh token (else the access token) first. Default true if the server has a revocation endpoint. */
  readonly revoke?: boolean | undefined
  /** Where the browser returns after the sign-out. Default: the option of the client. */
  readonly postLogoutRedirectUri?: string | undefined
  /** Default: one with 256 random bits. Refused for a popup or iframe, whose response is found by it. */
  readonly state?: string | undefined
}

/** What `logout` reached. */
export interface LogoutResult {
  readonly local: true
  /** True if the browser is on its way to (or back from) the server's end session endpoint. */
  readonly provider: boolean
  /** Outside a page: where to send the user's browser, to end the session at the server. Undefined if the server has no such endpoint. */
  readonly url?: URL | undefined
}
