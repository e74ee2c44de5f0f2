import type { AuditEvent, ServerHooks } from './audit-event.js'
import type { AuthorizationDetailsType } from '../features/rar/authorization-details.js'
import type { AuthenticateClient } from '../token/client-authentication/authenticate-client.js'
import type { DpopOptions } from '../features/dpop/check-dpop-proof.js'
import type { RegistrationOptions } from '../features/registration/registration.js'
import type { ScopePolicy } from '../token/grants/granted-scope.js'
import type { Grant } from '../token/grants/grant.js'
import type { RequestObjectOptions } from '../features/jar/request-object-options.js'
import type { CompleteSite } from '../site/complete-site.js'
import type { ClientStore } from '../storage/client-store.js'
import type { Stores } from '../storage/stores.js'
import type { KeyRing } from '../token/key-ring.js'
import type { TokenGenerator } from '../token/token-generator.js'

/** Everything a server is made of, put together once by `createAuthorizationServer`. Handed to rules, grants and endpoints. */
export interface ServerParts {
  /** The issuer identifier, as given. */
  readonly issuer: string
  /** The issuer without a slash at its end: what endpoint paths are appended to. */
  readonly base: string
  /** The path of `base`: empty, or `/oauth`. */
  readonly path: string
  readonly grants: readonly Grant[]
  readonly clients: ClientStore
  readonly stores: Stores
  readonly tokens: TokenGenerator
  readonly keys: KeyRing
  readonly site: CompleteSite
  readonly hooks: ServerHooks
  /** Scopes that exist at this server; grants may narrow them. */
  readonly scopes: readonly string[]
  /** Claims that a scope gives beside those of OpenID Connect Core 1.0, section 5.4. */
  readonly scopeClaims: Readonly<Record<string, readonly string[]>>
  /** Whether ID tokens carry the claims of the scope even where an access token is issued with them. */
  readonly claimsInIdToken: boolean
  /** Key of the form tokens and of everything else that only this server must be able to read back. */
  readonly secret: Uint8Array
  /** Seconds that a browser session lasts. */
  readonly sessionLifetime: number
  readonly crossOriginOpenerPolicy: string | undefined
  readonly uniqueTokens: boolean
  readonly dpop: DpopOptions
  readonly registration: RegistrationOptions | undefined
  readonly requirePushedAuthorizationRequests: boolean
  readonly requestObjects: Required<RequestObjectOptions>
  readonly authorizationDetailsTypes: Readonly<Record<string, AuthorizationDetailsType>>
  readonly acrValues: readonly string[]
  readonly authenticateClient: AuthenticateClient | undefined
  readonly scopePolicy: ScopePolicy | undefined
  /** For logout notices, and the keys and request objects of others. */
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  now(): number
  emit(event: Omit<AuditEvent, 'at'>): void
}

/** One request on its way through the server. */
export interface Exchange {
  readonly request: Request
  readonly url: URL
  /** What the host passed to `fetch` beside the request; reaches the site adapter untouched. */
  readonly env: unknown
  readonly server: ServerParts
  /** Headers that go onto the answer, whichever it is: cookies, DPoP nonces. */
  readonly headers: Headers
}
