import type { Introspection } from '../endpoints/introspect-token.js'
import type { UserClaims } from '../protocol/claims.js'
import type { ClientEvents } from '../client/events.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import type { LoginOptions, LoginResult } from '../sign-in/sign-in-options.js'
import type { LogoutOptions, RevokeOptions } from '../sign-out/logout-options.js'
import type { SessionState } from '../session/session-state.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { TransferableError } from './transferable-error.js'
import type { TransferableRequest, TransferableResponse } from './transferable-fetch.js'

/** What the page may ask of the worker. No answer carries a token. */
export interface WorkerCalls {
  start(): void
  /** @param input how the page is going to travel, and what for */
  login(input: LoginInput): LoginResult | undefined
  /** The authorization response that the page came back with. @param isPage whether it is the page's own URL */
  handleResponse(url: string, isPage: boolean): LoginResult | undefined
  refresh(options: Omit<AccessTokenOptions, 'signal'>): TokenSet
  /** Renews the token where it is time to, and it can be. */
  renew(): void
  fetch(request: TransferableRequest): TransferableResponse
  userInfo(): UserClaims
  logout(options: LogoutOptions): SignOutDirections
  revoke(token: string | undefined, options: RevokeOptions | undefined): void
  introspect(token: string | undefined): Introspection
  close(): void
}

export interface LoginInput {
  readonly options: Omit<LoginOptions, 'transport' | 'signal' | 'fallback'>
  /** Name of the page's transport. */
  readonly transport: string
  /** Nobody asked for it: a failure is not shown. */
  readonly isSilent: boolean
}

export interface SignOutDirections {
  /** Where the page has to go to sign the person out at the server, if anywhere. */
  readonly url: string | undefined
}

/** One trip of the page to the authorization server. */
export interface TripRequest {
  readonly url: string
  readonly state: string
  readonly redirectUri: string
}

export type CallName = keyof WorkerCalls

export type PageMessage =
  | { readonly type: 'call'; readonly id: number; readonly name: CallName; readonly args: readonly unknown[] }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'arrived'; readonly id: number; readonly url: string | undefined }
  | { readonly type: 'strayed'; readonly id: number; readonly error: TransferableError }

export type WorkerMessage =
  | { readonly type: 'state'; readonly state: TransferableState }
  | { readonly type: 'event'; readonly name: keyof ClientEvents; readonly event: unknown }
  | { readonly type: 'navigate'; readonly id: number; readonly request: TripRequest }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: TransferableError }
  /** The call is over: the body of a response has arrived, too. */
  | { readonly type: 'done'; readonly id: number }

/** A session state without tokens, its error in a form that can be sent. */
export type TransferableState = Pick<SessionState, 'status' | 'activity' | 'claims' | 'tokenSet'> & {
  readonly error: TransferableError | undefined
}

/** The first message to the worker; a port of the page's comes along. */
export interface ConnectMessage {
  readonly type: 'latchkey/connect'
  /** Which of the worker's clients is meant. */
  readonly key: string
}

export function isConnectMessage(data: unknown): data is ConnectMessage {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'latchkey/connect' && 'key' in data
}
