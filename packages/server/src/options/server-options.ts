import type { JWK } from 'jose'
import type { Feature } from '../features/feature.js'
import type { SiteAdapter } from '../site/site-adapter.js'
import type { ClientRecord } from '../storage/client-record.js'
import type { ClientStore } from '../storage/client-store.js'
import type { Stores } from '../storage/stores.js'
import type { Grant } from '../token/grants/grant.js'
import type { ScopePolicy } from '../token/grants/scope-policy.js'
import type { RotationOptions } from '../token/key-ring.js'
import type { TokenGenerator } from '../token/token-generator.js'
import type { AuthenticateClient, ServerHooks } from './server-hooks.js'
import type { GuessLimits } from '../limits/guess-limits.js'
import type { EndpointPaths } from '../http/endpoint-paths.js'
import type { PemKey } from '../token/pem-key.js'

/** Options of `createAuthorizationServer`. */
export interface AuthorizationServerOptions {
  /** The issuer identifier; every endpoint is under its path. @see RFC 8414, section 2 */
  readonly issuer: string
  /** The registered clients. */
  readonly clients: readonly ClientRecord[] | ClientStore
  /** The site that signs users in. */
  readonly site: SiteAdapter
  /** The grants that exist. Default: `authorizationCode()` and `refreshToken()`. */
  readonly grants?: readonly Grant[] | undefined
  /**
   * Optional parts, such as `device()` of `@latchkey/server/device`. Pushed and signed authorization requests, DPoP and sign-out are
   * standard; add `par()`, `jar()` or `dpop()` to set their options.
   */
  readonly features?: readonly Feature[] | undefined
  /** Where codes, tokens and consents are stored. Default: in this process's memory. */
  readonly stores?: Stores | undefined
  /** Creates codes and tokens; default `randomGenerator()`. */
  readonly tokens?: TokenGenerator | TokenGenerator['generate'] | undefined
  /**
   * Private signing keys: JWKs, each with its `alg`, or PEM. The first is the default. Default: created when needed, and lost with the
   * process.
   */
  readonly keys?: readonly (JWK | PemKey | string)[] | undefined
  /** How `rotateKeys` replaces a key. */
  readonly keyRotation?: RotationOptions | undefined
  /** Callbacks that observe the server or stop a request. */
  readonly hooks?: ServerHooks | undefined
  /** Scope names that exist. Default: those of OpenID Connect, and `offline_access`. */
  readonly scopes?: readonly string[] | undefined
  /** Claims that a scope name gives, beside the standard ones: `{ roles: ['roles'] }`. */
  readonly scopeClaims?: Readonly<Record<string, readonly string[]>> | undefined
  /** Put the claims of the scope into the ID token too. Default true; OpenID Connect Core 1.0, section 5.4 has them at UserInfo only. */
  readonly claimsInIdToken?: boolean | undefined
  /** At least 32 bytes, shared by all processes of the server; default: random. */
  readonly secret?: Uint8Array | undefined
  /** Seconds that a browser stays signed in. Default 86,400. */
  readonly sessionLifetime?: number | undefined
  /** The `Cross-Origin-Opener-Policy` of pages; absent by default: `same-origin` cuts off a popup from its opener. */
  readonly crossOriginOpenerPolicy?:
    | 'same-origin'
    | 'same-origin-allow-popups'
    | 'noopener-allow-popups'
    | 'unsafe-none'
    | undefined
  /** Seconds that a user's consent is remembered. Default 7,776,000 (90 days); 0: never; `null`: no expiry. */
  readonly consentLifetime?: number | null | undefined
  /**
   * Paths of endpoints under the issuer, by their standard paths without the slash: `{ authorize: '/login/oauth/authorize' }`. The
   * metadata names them; only clients without discovery need to know.
   */
  readonly paths?: EndpointPaths | undefined
  /**
   * The same client, grant, user, scope and sign-in (its time, `acr`, `amr`, claims and data) get the same token again while it is valid.
   * Default false.
   */
  readonly uniqueTokens?: boolean | undefined
  /** The authentication context classes that the site's sign-in can reach; published in the metadata. */
  readonly acrValues?: readonly string[] | undefined
  /**
   * How guessing of passwords, user codes and secrets is limited, in all processes that share the store. `false`: not at all, for hosts
   * that limit it themselves.
   */
  readonly guessLimits?: GuessLimits | false | undefined
  /** Called before the standard client authentication; undefined falls back to it. */
  readonly authenticateClient?: AuthenticateClient | undefined
  /** Decides the granted scope last. */
  readonly scopePolicy?: ScopePolicy | undefined
  /**
   * Sends logout notices, and fetches `jwks_uri`s and `request_uri`s. The server calls it for allowed URLs only, follows no redirect, and
   * stops after 5 seconds or 256 kB; names are resolved by the function, which must check the addresses itself. Default: on Node, requests
   * that connect to an address that was checked; elsewhere the global one, after the addresses were checked where Node's resolver exists.
   */
  readonly fetch?: typeof fetch | undefined
  /**
   * Hosts on this machine or in a private network that the server may send requests to; all others are refused. Names, endings of names,
   * addresses or ranges: `['jwks.internal', '.svc.local', '10.1.0.0/16']`. Default: none; `127.0.0.1`, `::1` and `localhost` if the issuer
   * is on loopback.
   */
  readonly privateHosts?: readonly string[] | undefined
  /** Origins whose scripts may call the endpoints. Default `*`: these endpoints use no cookies. */
  readonly corsOrigin?: string | readonly string[] | undefined
  /**
   * Accept http off loopback, in the issuer and in redirect URIs: for tests on a local network, where codes can be read on the way.
   * Default false. @see RFC 9700, section 2.6
   */
  readonly allowInsecureHttp?: boolean | undefined
  /** Returns milliseconds since the epoch; default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** The default scope names. @see OpenID Connect Core 1.0, sections 5.4 and 11 */
export const DEFAULT_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']
