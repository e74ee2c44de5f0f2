import type { Environment } from '../platform/environment.js'
import type { AuthorizationParameters } from '../protocol/protocol-options.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { EventCorrelation } from '../session/session-options.js'
import type { ResponseOwner } from './response-url.js'
import type { Transport, TransportName } from './transports/transport.js'

/** How a client signs the user in by default. */
export interface SignInOptions {
  /** How the browser goes to the authorization server and back. Default `redirect`. */
  readonly transport?: TransportName | Transport | undefined
  /**
   * What is tried without user interaction if there is no refresh token (and at a start without a session): `iframe` uses a hidden
   * frame, `redirect` navigates the whole page, both with `prompt=none`. Tried in the given order, but never in a
   * page that is in a frame: there, a click signs the user in by popup. Default: nothing.
   */
  readonly silent?: ReadonlyArray<'iframe' | 'redirect'> | undefined
}

/** Options of one sign-in. */
export interface LoginOptions extends AuthorizationParameters {
  /** How the browser goes to the server and back. Default: the option of the client. */
  readonly transport?: TransportName | Transport | undefined
  /** A path on this origin, where the app continues. Default: the page that called. Anything else is refused. */
  readonly returnTo?: string | undefined
  /** Where the server redirects to. Default: the option of the client. */
  readonly redirectUri?: string | undefined
  /** Ends the attempt: closes the popup or the iframe. */
  readonly signal?: AbortSignal | undefined
  /** For a popup that the browser blocks: redirect instead of failing. */
  readonly fallback?: 'redirect' | undefined
}

/** A completed sign-in. */
export interface LoginResult {
  readonly tokenSet: TokenSet
  /** A path on this origin, where the app continues. */
  readonly returnTo: string
}

/** Events of a sign-in. */
export interface SignInEvents {
  /** A sign-in was completed in this tab. */
  'signed-in': EventCorrelation & { readonly tokenSet: TokenSet; readonly returnTo: string | undefined }
  /** A callback URL whose `state` this browser does not know: nothing was changed. */
  'callback-ignored': EventCorrelation & { readonly reason: string }
}

/** What identifies an attempt in its transaction, so that the page of the callback continues it. It contains no credential. */
export interface StoredAttempt {
  readonly id: string
  /** Milliseconds since the epoch, device clock. */
  readonly startedAt: number
  /** What the observer of the attempts adds, such as a `traceparent`. */
  readonly trace?: string | undefined
}

/** Notified of authorization requests and responses. Only `attempts/` sets one. */
export interface RequestObserver {
  /** @returns what is stored with the transaction */
  onRequest(request: { readonly transport: string; readonly isSilent: boolean }): StoredAttempt
  onResponse(transaction: { readonly transport: string; readonly attempt?: StoredAttempt | undefined }): void
}

/** The settings of a client that a sign-in depends on. */
export interface SignInConfig extends ResponseOwner {
  observer?: RequestObserver | undefined
  readonly options: SignInOptions
  readonly environment: Environment
  readonly issuer: string
}
