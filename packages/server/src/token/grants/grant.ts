import type { Parameters } from '../../http/parameters.js'
import type { RequestContext } from '../../http/request-context.js'
import type { ServerContext } from '../../options/server-context.js'
import { completeSite } from '../../site/complete-site.js'
import type { SiteAdapter } from '../../site/site-adapter.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { Issue } from '../issue.js'
import type { ScopeOptions } from '../scope.js'
import type { GrantSettings } from './grant-settings.js'
import type { MembersOf } from '../../options/check-members.js'

/** A request to the token endpoint whose client has been authenticated. */
export interface TokenRequest {
  /** The HTTP request, and the server that handles it. */
  readonly context: RequestContext
  /** The form parameters. */
  readonly params: Parameters
  /** The authenticated client. */
  readonly client: ClientRecord
  /** The grant that handles the request. */
  readonly grant: Grant
  /** Thumbprint of the key of the request's DPoP proof. */
  readonly dpopJkt: string | undefined
}

/**
 * A way to get tokens. Grants are values: a grant that is not added does not exist. A custom grant needs `grantType` and `handle`.
 *
 * @see RFC 6749, sections 1.3 and 4.5
 */
export interface Grant extends GrantSettings {
  /** Returns what to issue; throws OAuthError to refuse. */
  handle?(request: TokenRequest): Promise<Issue>
}

/** What the token endpoint needs of the server beside the common context. */
export interface TokenServer extends ServerContext {
  /** The grants with their handlers. */
  readonly grants: readonly Grant[]
}

/** Options that every grant has. */
export interface GrantOptions extends ScopeOptions {
  /** Lifetime of access tokens in seconds. Default 3600; `null`: no expiry, which is unsafe (RFC 9700, section 2.2). */
  readonly expiresIn?: number | null | undefined
  /**
   * Replaces the server's site for sign-ins by this grant. Claims still come from the server's site. A session is one for the grants with
   * the site where the user signed in.
   */
  readonly site?: SiteAdapter | undefined
}

/** Seconds. A grant that says nothing about the lifetime must not issue tokens without expiry. */
const DEFAULT_LIFETIME = 3600

/** Returns the lifetime of a grant's access tokens in seconds; undefined: no expiry, which only `null` selects. */
export function lifetimeOf({ expiresIn = DEFAULT_LIFETIME }: Pick<GrantSettings, 'expiresIn'>): number | undefined {
  return expiresIn ?? undefined
}

/** Throws a TypeError for a lifetime that is neither seconds above 0 nor `null`. @param name what it is the lifetime of */
export function checkLifetime(expiresIn: unknown, name: string): void {
  if (expiresIn === undefined || expiresIn === null) return
  if (typeof expiresIn !== 'number' || !Number.isFinite(expiresIn) || expiresIn <= 0)
    throw new TypeError(`${name}: expected seconds above 0, or null for tokens that never expire`)
}

/** The options that every grant has. */
export const GRANT_OPTIONS: MembersOf<GrantOptions> = { scopes: true, defaultScope: true, expiresIn: true, site: true }

/** Returns the members that every grant takes from its options. Throws a TypeError for a lifetime that is not above 0. */
export function grantBase(options: GrantOptions): Pick<Grant, 'expiresIn' | 'site' | 'scopes' | 'defaultScope'> {
  const { scopes, defaultScope, site, expiresIn } = options
  checkLifetime(expiresIn, 'expiresIn')
  return { expiresIn, site: site && completeSite(site), scopes, defaultScope }
}
