import type { CibaSettings } from '../../features/ciba/ciba-settings.js'
import type { Parameters } from '../../http/parameters.js'
import type { ScopeOptions } from '../scope.js'
import type { Exchange } from '../../options/server-parts.js'
import { completeSite, type CompleteSite } from '../../site/complete-site.js'
import type { SiteAdapter } from '../../site/site-adapter.js'
import type { ClientRecord } from '../../storage/client-store.js'
import type { Issue } from '../issue-tokens.js'

/** A request to the token endpoint whose client has been authenticated. */
export interface TokenRequest {
  readonly exchange: Exchange
  readonly params: Parameters
  readonly client: ClientRecord
  /** The grant that answers it. */
  readonly grant: Grant
  /** Thumbprint of the key of the request's DPoP proof. */
  readonly dpopJkt: string | undefined
}

/** How the authorization endpoint issues codes. */
export interface CodeSettings {
  /** Seconds, at most 600. @see RFC 6749, section 4.1.2 */
  readonly codeLifetime: number
  /** Whether `code_challenge_method=plain` is accepted. @see RFC 7636, section 4.2 */
  readonly allowPlain: boolean
  /** Whether confidential clients need PKCE too; public ones always do. @see RFC 9700, section 2.1.1 */
  readonly requirePkce: boolean
}

/** How refresh tokens are issued and used. */
export interface RefreshSettings {
  /** Seconds; undefined: never. */
  readonly expiresIn: number | undefined
  readonly rotate: boolean
  readonly reuseDetection: boolean
  /** Seconds in which the same request repeated gets new tokens instead of ending the family, while none of them was used. */
  readonly grace: number
  /** `always`, or only where the scope has `offline_access`. */
  readonly issue: 'always' | 'offline_access'
}

/** How device codes are issued. @see RFC 8628, section 3.2 */
export interface DeviceSettings {
  /** Seconds. */
  readonly codeLifetime: number
  /** Seconds between polls. */
  readonly interval: number
}

/**
 * A way to get tokens. Grants are values: what is not added does not exist. One of one's own needs a `grantType` and `handle`.
 *
 * @see RFC 6749, sections 1.3 and 4.5
 */
export interface Grant extends ScopeOptions {
  /** `grant_type` at the token endpoint. */
  readonly grantType?: string
  /** `response_type`s at the authorization endpoint. */
  readonly responseTypes?: readonly string[]
  /** Seconds that access tokens live; undefined: for ever, which is unsafe. */
  readonly expiresIn: number | undefined
  readonly site?: CompleteSite
  readonly code?: CodeSettings
  readonly refresh?: RefreshSettings
  readonly device?: DeviceSettings
  readonly ciba?: CibaSettings
  /** Whether the request need not say which client it comes from. @see RFC 7521, section 4.1 */
  readonly isClientOptional?: boolean
  /** @returns what to issue; throws OAuthError to refuse */
  handle?(request: TokenRequest): Promise<Issue>
}

/** Options that every grant has. */
export interface GrantOptions extends ScopeOptions {
  /** Seconds that access tokens live. Default 3600; `null`: for ever, which is unsafe (RFC 9700, section 2.2). */
  readonly expiresIn?: number | null
  /** Asked in place of the server's site where people sign in by this grant. Claims are the server's own site's. */
  readonly site?: SiteAdapter
}

/** @returns the members that every grant takes from its options */
export function grantBase(options: GrantOptions): Pick<Grant, 'expiresIn' | 'site' | 'scopes' | 'defaultScope'> {
  const { scopes, defaultScope, site, expiresIn = 3600 } = options
  if (expiresIn !== null && !(expiresIn > 0))
    throw new TypeError('expiresIn: expected seconds above 0, or null for tokens that never expire')
  return {
    expiresIn: expiresIn ?? undefined,
    ...(site === undefined ? {} : { site: completeSite(site) }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(defaultScope === undefined ? {} : { defaultScope }),
  }
}
