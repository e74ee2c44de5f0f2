import type { JWK } from 'jose'
import type { ServerHooks } from './audit-event.js'
import type { AuthorizationDetailsType } from '../features/rar/authorization-details.js'
import type { AuthenticateClient } from '../token/client-authentication/authenticate-client.js'
import type { DpopOptions } from '../features/dpop/check-dpop-proof.js'
import type { RegistrationOptions } from '../features/registration/registration.js'
import type { ScopePolicy } from '../token/grants/granted-scope.js'
import type { Grant } from '../token/grants/grant.js'
import type { RequestObjectOptions } from '../features/jar/request-object-options.js'
import type { SiteAdapter } from '../site/site-adapter.js'
import type { ClientRecord, ClientStore } from '../storage/client-store.js'
import type { Stores } from '../storage/stores.js'
import type { RotationOptions } from '../token/key-ring.js'
import type { TokenGenerator } from '../token/token-generator.js'

/** What `createAuthorizationServer` takes. */
export interface AuthorizationServerOptions {
  /** The issuer identifier; it may have a path, and every endpoint lives under it. @see RFC 8414, section 2 */
  readonly issuer: string
  readonly clients: readonly ClientRecord[] | ClientStore
  readonly site: SiteAdapter
  /** Default: `authorizationCode()` and `refreshToken()`. */
  readonly grants?: readonly Grant[]
  /** Default: in this process's memory. */
  readonly stores?: Stores
  /** Makes codes and tokens; default `randomGenerator()`. */
  readonly tokens?: TokenGenerator | TokenGenerator['generate']
  /** Private signing keys as JWKs, each with its `alg`, the one to sign with first. Default: made when needed, gone with the process. */
  readonly keys?: readonly JWK[]
  readonly keyRotation?: RotationOptions
  readonly hooks?: ServerHooks
  /** Scopes that exist. Default: those of OpenID Connect and `offline_access`. */
  readonly scopes?: readonly string[] | undefined
  /** Claims that a scope gives, beside the standard ones: `{ roles: ['roles'] }`. */
  readonly scopeClaims?: Readonly<Record<string, readonly string[]>> | undefined
  /** Put the scope's claims into the ID token too. Default true; OpenID Connect Core 1.0, section 5.4 has them at UserInfo alone. */
  readonly claimsInIdToken?: boolean
  /** At least 32 bytes that all processes of one server share; default: random. */
  readonly secret?: Uint8Array
  /** Seconds that a browser stays signed in. Default 86,400. */
  readonly sessionLifetime?: number
  /** The `Cross-Origin-Opener-Policy` of pages; left out by default: `same-origin` cuts a popup off from its opener. */
  readonly crossOriginOpenerPolicy?: 'same-origin' | 'same-origin-allow-popups' | 'noopener-allow-popups' | 'unsafe-none'
  /** The same client, grant, person and scope get the token that they have, while it lives. Default false. */
  readonly uniqueTokens?: boolean
  readonly dpop?: DpopOptions
  /** Let clients register themselves (RFC 7591 and 7592); needs a `ClientStore` that can save. Off by default. */
  readonly registration?: RegistrationOptions
  /** Take no authorization request that was not pushed. Default false. @see RFC 9126, section 5 */
  readonly requirePushedAuthorizationRequests?: boolean
  /** How signed authorization requests are taken. Default: by value and by reference, not required. @see RFC 9101 */
  readonly requestObjects?: RequestObjectOptions
  /** What may be asked for in `authorization_details`, by `type`. Default: nothing. @see RFC 9396 */
  readonly authorizationDetailsTypes?: Readonly<Record<string, AuthorizationDetailsType>>
  /** What the site's sign-in can reach; told in the metadata. */
  readonly acrValues?: readonly string[]
  /** Asked before the standard client authentication; undefined leaves it to that. */
  readonly authenticateClient?: AuthenticateClient
  /** The last word on the scope that is granted. */
  readonly scopePolicy?: ScopePolicy
  /** For logout notices, `jwks_uri`s and `request_uri`s; default the global one. */
  readonly fetch?: typeof fetch
  /** Origins that scripts may call the endpoints from. Default `*`: no endpoint they call looks at cookies. */
  readonly corsOrigin?: string | readonly string[]
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
}

/** Scopes that every server knows unless told otherwise. @see OpenID Connect Core 1.0, sections 5.4 and 11 */
export const DEFAULT_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']
