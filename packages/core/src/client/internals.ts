import type { whenIdle } from '../platform/when-idle.js'
import type { AuthedFetch, RareFetchParts } from '../fetch/authed-fetch.js'
import type { UserInfoOptions } from '../fetch/fetch-options.js'
import type { ResourceEntry } from '../fetch/resource-entries.js'
import type { Emitter } from '../platform/emitter.js'
import type { UserClaims } from '../protocol/claims.js'
import type { Introspection } from '../protocol/introspection.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { type ProtocolInternals, protocolInternalsOf } from '../protocol/client-registry.js'
import type { AccessToken, TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import type { Refresher } from '../refresh/refresher.js'
import type { SharedRefresh } from '../refresh/shared-refresh.js'
import type { TabLock } from '../refresh/tab-lock.js'
import type { Session, SessionMoment } from '../session/session.js'
import type { AuthorizationFlow, UnexpectedResponses } from '../sign-in/authorization-flow.js'
import type { RareSteps } from '../sign-in/complete.js'
import type { AuthorizationUrl, AuthorizationUrlOptions, SavedAuthorization } from '../sign-in/authorization-url.js'
import type { LoginResult } from '../sign-in/sign-in-options.js'
import type { RedirectGuard } from '../sign-in/redirect-guard.js'
import type { SignIn, SignInSteps } from '../sign-in/sign-in.js'
import type { TransactionStore } from '../sign-in/transaction-store.js'
import type { RevokeOptions } from '../protocol/revocation.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import type { WindowSteps } from '../sign-out/sign-out-in-window.js'
import type { SignOutAtServer } from '../sign-out/logout.js'
import type { RecordStore } from '../storage/record-store.js'
import type { ResilientStorage } from '../storage/resilient-storage.js'
import type { OAuthClient } from './client.js'
import type { ClientEvents } from './events.js'
import type { ClientConfig } from './resolve-options.js'

/**
 * What the optional parts of the library (registry, worker, session monitor) use of a client beyond its public interface. Nothing else of
 * a client is used outside `client/`.
 */
export interface ClientInternals extends ProtocolInternals {
  readonly config: ClientConfig
  readonly events: Emitter<ClientEvents>
  readonly storage: ResilientStorage
  readonly records: RecordStore
  readonly session: Session
  readonly signIn: SignIn
  /** Where access tokens may be sent. */
  readonly resources: readonly ResourceEntry[]
  /** Sends calls to resources. That of the environment is replaced to observe the requests of the client itself. */
  readonly apiFetch: typeof fetch
  /** Resolves when the stored session was read. */
  readonly restored: () => Promise<void>
  /** The code that uses tokens, loaded on first use. */
  readonly accessCalls: () => Promise<AccessCalls>
  /** What a usual sign-in by redirect does not need, loaded on first use. */
  readonly loadRareCalls: () => Promise<RareCalls>
  /** The code that signs a user in, loaded on first use. */
  readonly serverCalls: () => Promise<ServerCalls>
  /** Loads the rarer parts of `fetch`. */
  readonly loadSessionCalls: () => Promise<RareFetchParts>
  /** The code that a session needs, loaded on first use. Its calls with a token of the session are for the session of this moment. */
  readonly sessionCalls: (session?: Pick<Session, 'signal'>) => Promise<SessionCalls>
  /** Restores the session if needed, and gets an access token. */
  readonly accessToken: (options: AccessTokenOptions) => Promise<AccessToken>
  /** Creates a `fetch` like the client's with another source of access tokens. */
  readonly createFetch: (accessToken: ClientInternals['accessToken']) => OAuthClient['fetch']
}

/** What a client does beside a usual sign-in by redirect. Each function is documented where it is defined. */
export interface RareCalls extends RareSteps, UnexpectedResponses, WindowSteps {
  readonly endKey: (context: ProtocolContext, isStored: boolean) => Promise<void>
  readonly startBackgroundWork: (client: ClientInternals, detached: AbortSignal, idle: typeof whenIdle) => void
  readonly sweepTransactions: (client: ClientInternals) => Promise<void>
}

/** What a client does to sign a user in. Each function is documented where it is defined. */
export interface ServerCalls extends SignInSteps {
  readonly flow: AuthorizationFlow
  readonly transactions: TransactionStore
  readonly redirects: RedirectGuard
}

/** What a client does with the tokens of its session. */
export interface AccessCalls {
  readonly refresher: Refresher
  /** @param session whose token it is */
  readonly accessToken: (options: AccessTokenOptions, session: Pick<Session, 'signal'>) => Promise<AccessToken>
  /** See `ClientInternals.createFetch`. */
  readonly createFetch: (accessToken: ClientInternals['accessToken']) => AuthedFetch
}

/** What a client does for a session, and without a transport. Each function is documented where it is defined. */
export interface SessionCalls {
  readonly sharedRefresh: SharedRefresh
  readonly signInSilently: () => Promise<TokenSet | undefined>
  /** Held by a refresh, in any tab. Whatever copies a refresh token from one token set to the next must hold it. */
  readonly lock: TabLock
  readonly finishGrant: (
    tokenSet: TokenSet,
    startedAt: SessionMoment,
    reason?: TokenSetReason,
    beforeShown?: () => Promise<void>,
  ) => Promise<TokenSet>
  /** Completes a callback URL; a response that no request waits for is an error. */
  readonly exchange: (address: string | URL, saved: SavedAuthorization | undefined) => Promise<LoginResult | undefined>
  readonly prepareAuthorizationUrl: (options: AuthorizationUrlOptions) => Promise<AuthorizationUrl>
  readonly startRefreshTimer: () => { stop(): void }
  readonly refreshInAdvance: () => Promise<void>
  readonly suspendWhenOfflineTooLong: () => void
  readonly readUserInfo: (options: UserInfoOptions) => Promise<UserClaims>
  readonly signOutAtServer: SignOutAtServer
  readonly createSignOutUrl: (idTokenHint: string | undefined, options: LogoutOptions) => Promise<URL | undefined>
  readonly introspect: (token: string | undefined) => Promise<Introspection>
  readonly revoke: (token: string | undefined, options: RevokeOptions | undefined) => Promise<void>
}

/** @throws ConfigurationError for an object that `createOAuthClient` did not create */
export function internalsOf(client: Pick<OAuthClient<never>, 'options'>): ClientInternals {
  // `createOAuthClient` and the registry register nothing else.
  return protocolInternalsOf(client) as ClientInternals
}
