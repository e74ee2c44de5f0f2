import type { CompleteSite } from '../../site/complete-site.js'
import type { ScopeOptions } from '../scope.js'

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
  readonly grantType?: string
  /** `response_type`s at the authorization endpoint. */
  readonly responseTypes?: readonly string[]
  /** Lifetime of access tokens in seconds; undefined: no expiry, which is unsafe. */
  readonly expiresIn: number | undefined
  /** Replaces the server's site for sign-ins by this grant. */
  readonly site?: CompleteSite | undefined
  /** Set if the grant issues authorization codes. */
  readonly code?: CodeSettings
  /** Set if the grant issues refresh tokens. */
  readonly refresh?: RefreshSettings
  /** Whether the request need not identify its client. @see RFC 7521, section 4.1 */
  readonly isClientOptional?: boolean
}
