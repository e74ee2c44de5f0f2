import type { CompleteSite } from '../../site/complete-site.js'
import type { ScopeOptions } from '../scope.js'
import type { Parameters } from '../../http/parameters.js'
import type { BrowserSession } from '../../site/site-adapter.js'
import type { ClientRecord } from '../../storage/client-record.js'

/** A granted authorization request whose response type a custom grant serves. */
export interface AuthorizationGrantRequest {
  /** The HTTP request. */
  readonly request: Request
  /** What the host passed to `fetch` beside the request. */
  readonly env: unknown
  /** The parameters of the authorization request. */
  readonly params: Parameters
  /** The requesting client. */
  readonly client: ClientRecord
  /** The requested response type, its words in alphabetical order. */
  readonly responseType: string
  /** The granted scope. */
  readonly scope: readonly string[]
  /** The user's session. */
  readonly session: BrowserSession
  /** Creates an access token for the granted scope, as the implicit grant does. */
  readonly createAccessToken: () => Promise<string>
  /** Creates an authorization code, which the authorization code grant redeems. Public clients need PKCE. */
  readonly createCode: () => Promise<string>
}

/** How the authorization endpoint issues codes. */
export interface CodeSettings {
  /** Seconds, at most 600. @see RFC 6749, section 4.1.2 */
  readonly codeLifetime: number
  /** Whether `code_challenge_method=plain` is accepted. @see RFC 7636, section 4.2 */
  readonly allowPlain: boolean
  /** Whether confidential clients need PKCE too; public clients always do. @see RFC 9700, section 2.1.1 */
  readonly requirePkce: boolean
}

/** How refresh tokens are issued and used. */
export interface RefreshSettings {
  /** Seconds; undefined: no expiry. */
  readonly expiresIn: number | undefined
  /** Whether each refresh issues a new refresh token. */
  readonly rotate: boolean
  /** Whether a rotated refresh token that is used again revokes its family. */
  readonly reuseDetection: boolean
  /** Seconds in which an identical request gets new tokens again, as long as none of the first ones was used. */
  readonly grace: number
  /** `always`, or only if the scope has `offline_access`. */
  readonly issue: 'always' | 'offline_access'
}

/** The settings of a grant, without its handler. */
export interface GrantSettings extends ScopeOptions {
  /** `grant_type` at the token endpoint. */
  readonly grantType?: string | undefined
  /** `response_type`s at the authorization endpoint. */
  readonly responseTypes?: readonly string[] | undefined
  /** Lifetime of access tokens in seconds. Default 3600; `null`: no expiry, which is unsafe (RFC 9700, section 2.2). */
  readonly expiresIn?: number | null | undefined
  /** Replaces the server's site for sign-ins by this grant. */
  readonly site?: CompleteSite | undefined
  /** Set if the grant issues authorization codes. */
  readonly code?: CodeSettings | undefined
  /** Set if the grant issues refresh tokens. */
  readonly refresh?: RefreshSettings | undefined
  /** Whether the request need not identify its client. @see RFC 7521, section 4.1 */
  readonly isClientOptional?: boolean | undefined
  /**
   * Set by a custom grant that serves its own response types: called once the user has signed in and consented. Returns the parameters
   * of the authorization response; `state` and `iss` are added. Throws OAuthError to refuse.
   */
  authorize?(request: AuthorizationGrantRequest): Promise<Readonly<Record<string, string>>>
  /**
   * How the response to a custom response type is sent by default: `fragment` (default), or `query` if it contains no tokens, which
   * end up in logs there.
   */
  readonly responseMode?: 'query' | 'fragment' | undefined
}
