import type { ClientEvents } from '../client/events.js'
import type { Introspection } from '../protocol/introspection.js'
import type { UserClaims } from '../protocol/claims.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { RefreshOptions } from '../refresh/refresh-options.js'
import type { SessionMoment, SessionUser } from '../session/session.js'
import type { SessionEvent } from '../session/session-state.js'
import type { FlowInput, FlowRequest, FlowResult } from '../sign-in/authorization-flow.js'
import type { RevokeOptions } from '../protocol/revocation.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import type { SerializedError } from './serialized-error.js'
import type { SerializedRequest, SerializedResponse } from './serialized-fetch.js'

/**
 * Of whom a call is, as the page knows it; absent while it knows no user. Another user may have signed in meanwhile, in another tab, and
 * the message that says so may still be in flight.
 */
type CallUser = SessionUser | undefined

/** What the page calls in the worker. No result contains a token. */
export interface WorkerApi {
  /** Restores the session, or adopts what other tabs have changed since. */
  start(): void
  createRequest(input: FlowInput): FlowRequest
  redeemResponse(input: { readonly url: string; readonly startedAt: SessionMoment | undefined }): FlowResult | undefined
  /** Refreshes the token before it expires, if there is a refresh token. */
  refreshInAdvance(): void
  refresh(input: { readonly user: CallUser; readonly options: Omit<RefreshOptions, 'signal'> }): TokenSet
  fetch(request: SerializedRequest & { readonly user: CallUser }): SerializedResponse
  userInfo(input: { readonly user: CallUser }): UserClaims
  /** @returns the URL that signs the user out at the server, if it has such an endpoint */
  logout(options: LogoutOptions): string | undefined
  revoke(input: {
    readonly user: CallUser
    readonly token: string | undefined
    readonly options: RevokeOptions | undefined
  }): void
  introspect(input: { readonly user: CallUser; readonly token: string | undefined }): Introspection
  close(): void
}

/** What the worker calls in the page. */
export interface PageApi {
  /** Applies an event that has changed the worker's session to the page's session. */
  dispatch(event: Redacted<SessionEvent>): void
  emit(input: { readonly name: keyof ClientEvents; readonly event: Redacted<ClientEvents[keyof ClientEvents]> }): void
}

/** An event without tokens, and with its error as plain data. */
export type Redacted<Event> = Event extends object
  ? Omit<Event, 'error'> & { readonly error?: SerializedError | undefined }
  : never

/** The message that transfers a port to the client with this key. A worker may serve several clients. */
export const connectMessage = (key: string): string => `latchkey/connect/${key}`
