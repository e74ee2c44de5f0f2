import type { ProofOfPossession } from '../resource/proof-of-possession.js'
import type { ResolvedGuessLimits } from '../limits/guess-limits.js'
import type { CompleteSite } from '../site/complete-site.js'
import type { BrowserSession } from '../site/site-adapter.js'
import type { KnownClients } from '../storage/client-store.js'
import type { Stores } from '../storage/stores.js'
import type { AuthorizationDetailsSupport } from '../token/authorization-details-support.js'
import type { GrantSettings } from '../token/grants/grant-settings.js'
import type { ScopePolicy } from '../token/grants/scope-policy.js'
import type { KeyRing } from '../token/key-ring.js'
import type { TokenGenerator } from '../token/token-generator.js'
import type { AuditEventDetails, AuthenticateClient, ServerHooks } from './server-hooks.js'

/** What a server's endpoints, grants and rules share; created once by `createAuthorizationServer`. */
export interface ServerContext {
  /** The issuer identifier, as given. */
  readonly issuer: string
  /** The issuer without a trailing slash: endpoint paths are appended to it. */
  readonly base: string
  /** The path of `base`: empty, or such as `/oauth`. */
  readonly path: string
  /** Returns the URL of an endpoint. @param path its standard path under the issuer, such as `/token` */
  urlOf(path: string): string
  /** The grants that were added, those of features included. */
  readonly grants: readonly GrantSettings[]
  /** Whether http is accepted off loopback. */
  readonly allowInsecureHttp: boolean
  /** The clients, also those that features find. */
  readonly clients: KnownClients
  /** Tokens, codes and everything else that is stored. */
  readonly stores: Stores
  /** Creates codes and tokens. */
  readonly tokens: TokenGenerator
  /** The signing keys. */
  readonly keys: KeyRing
  /** The site that signs users in. */
  readonly site: CompleteSite
  /** The host's callbacks. */
  readonly hooks: ServerHooks
  /** Scope names that exist at this server; grants may narrow them. */
  readonly scopes: readonly string[]
  /** Claims that a scope name gives beside those of OpenID Connect Core 1.0, section 5.4. */
  readonly scopeClaims: Readonly<Record<string, readonly string[]>>
  /** Whether ID tokens contain the claims of the scope even if an access token is issued with them. */
  readonly claimsInIdToken: boolean
  /** Signs form tokens and everything else that only this server reads back. */
  readonly secret: Uint8Array
  /** Lifetime of a browser session in seconds. */
  readonly sessionLifetime: number
  /** The `Cross-Origin-Opener-Policy` of pages. */
  readonly crossOriginOpenerPolicy: string | undefined
  /** Seconds that consent is remembered; undefined: no expiry. */
  readonly consentLifetime: number | undefined
  /** Whether the same client, grant, user, scope and sign-in get the same token again. */
  readonly uniqueTokens: boolean
  /** The authentication context classes that the site can reach. */
  readonly acrValues: readonly string[]
  /** How guessing is limited; undefined: not at all. */
  readonly guessLimits: ResolvedGuessLimits | undefined
  /** Custom client authentication. */
  readonly authenticateClient: AuthenticateClient | undefined
  /** Decides the granted scope last. */
  readonly scopePolicy: ScopePolicy | undefined
  /** URLs of the endpoints that clients authenticate at; a client assertion may name any of them as its audience. */
  readonly assertionAudiences: readonly string[]
  /** Checks DPoP proofs. */
  readonly proofOfPossession: ProofOfPossession
  /** Reads authorization details. */
  readonly authorizationDetails: AuthorizationDetailsSupport
  /** For logout notices, and the keys and request objects of clients. It follows no redirect, and has limits of size, time and addresses. */
  readonly fetch: typeof fetch
  /** Tells whether the host of a URL may be fetched from, as far as its text tells. */
  mayFetch(url: string): boolean
  /** Returns milliseconds since the epoch. */
  now(): number
  /** Emits an audit event. */
  emit(event: AuditEventDetails): void
  /** Tells the session's clients that another user signed in, in this browser. */
  notifySessionReplaced(session: BrowserSession): Promise<void>
}
