import type { RefreshOptions } from './refresh-grant.js'
import type { ClientOptions } from '../client/client-options.js'
import type { UserClaims } from './claims.js'
import type { Environment } from '../platform/environment.js'
import type { Logger } from '../platform/logger.js'
import type { LoginOptions, LogoutOptions } from '../client/client.js'
import type { ServerRecord } from './server-metadata.js'
import type { TokenStorage } from '../storage/token-storage.js'
import type { AccessToken, TokenSet } from './token-set.js'
import type { Transaction } from '../sign-in/transaction.js'

/**
 * What the protocol functions get. They hold no state and know neither storage nor state machine: the client hands in what is
 * remembered and keeps what comes back. They are loaded lazily, so that a warm start does not pay for them.
 */
export interface ProtocolContext {
  readonly options: ClientOptions
  readonly environment: Environment
  readonly logger: Logger
  /** What is remembered of the server (metadata, keys). */
  readonly readServer: () => Promise<ServerRecord | undefined>
  readonly writeServer: (record: ServerRecord) => Promise<void>
  /** Where keys are kept that scripts cannot read (DPoP); without it they end with the page. */
  readonly keyStore?: { readonly storage: TokenStorage; readonly prefix: string } | undefined
  /** Seconds to add to the device clock to get the server's (issue: a clock two hours wrong still signs in). 0 until learned. */
  readonly clockOffsetSeconds: () => number
  /** Told when a response showed another offset, so that it is used from then on. */
  readonly noteClockOffset: (seconds: number) => void
}

export interface AuthorizationRequest {
  readonly url: URL
  readonly transaction: Transaction
}

/** What the client decides before the request is built. */
export interface AuthorizationRequestInput {
  readonly login: LoginOptions
  /** Made by the client: it tells whose response a callback is. */
  readonly state: string
  readonly redirectUri: string
  readonly transport: string
  readonly returnTo?: string
  readonly expectedSubject?: string
  /** Checked already. Default: a new one. */
  readonly codeVerifier?: string
}

export interface EndSessionInput {
  readonly logout: LogoutOptions
  readonly state: string | undefined
  readonly idTokenHint: string | undefined
  readonly postLogoutRedirectUri: string | undefined
}

/** The functions of the lazily loaded protocol module, as the client calls them. */
export interface Protocol {
  /**
   * Server metadata and keys: from `readServer` while fresh, else fetched (OpenID Connect Discovery 1.0 section 4, then RFC 8414
   * section 3) and written back. With `keys`, the JWKS too.
   *
   * @throws NetworkError; ValidationError invalid_metadata, issuer_mismatch, invalid_jwks; ConfigurationError for a compliance hook
   *   that there is not
   */
  loadServer(context: ProtocolContext, options: { readonly keys: boolean; readonly signal?: AbortSignal }): Promise<ServerRecord>
  createAuthorizationRequest(context: ProtocolContext, input: AuthorizationRequestInput): Promise<AuthorizationRequest>
  /**
   * Validates the authorization response (RFC 6749 section 4.1.2, RFC 9207 section 2.4), redeems the code and checks the token
   * response and the ID token in full. One request when metadata and keys are remembered.
   */
  processAuthorizationResponse(context: ProtocolContext, callbackUrl: URL, transaction: Transaction): Promise<TokenSet>
  /** @returns the whole new token set: what the answer leaves out (refresh token, ID token, scope) is kept from the former one */
  refreshTokenSet(context: ProtocolContext, tokenSet: TokenSet, options: RefreshOptions): Promise<TokenSet>
  /**
   * An access token for one resource (RFC 8707 section 2.2) or of a narrower scope (RFC 6749 section 6) from the refresh token.
   *
   * @returns it, and the token set with a rotated refresh token
   */
  requestNarrowToken(
    context: ProtocolContext,
    tokenSet: TokenSet,
    options: RefreshOptions,
  ): Promise<{ readonly token: AccessToken; readonly tokenSet: TokenSet }>
  /** `sub` is checked against the ID token (OpenID Connect Core 1.0 section 5.3.2). Without an endpoint: the ID token's claims. */
  fetchUserInfo(context: ProtocolContext, tokenSet: TokenSet, options: { readonly signal?: AbortSignal }): Promise<UserClaims>
  revokeToken(context: ProtocolContext, token: string, tokenTypeHint: 'access_token' | 'refresh_token' | undefined): Promise<void>
  /** @returns undefined when the server has no `end_session_endpoint` */
  createEndSessionUrl(context: ProtocolContext, input: EndSessionInput): Promise<URL | undefined>
}
