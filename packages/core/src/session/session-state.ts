import type { UserClaims } from '../protocol/claims.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { TokenSet } from '../protocol/token-set.js'

/** Whether a user is signed in. */
export type SessionStatus = 'restoring' | 'signed-out' | 'signed-in'

/** What the client is doing. It never hides the status. */
export type SessionActivity = 'idle' | 'signing-in' | 'refreshing' | 'signing-out'

interface StateBase {
  readonly activity: SessionActivity
  /** The last failure, until the next attempt. */
  readonly error: OAuthClientError | undefined
}

/** No user is signed in, or the stored session is still being read. */
export interface NotSignedInState<Status extends 'restoring' | 'signed-out' = 'restoring' | 'signed-out'> extends StateBase {
  readonly status: Status
  readonly claims?: undefined
  readonly tokenSet?: undefined
}

/** A user is signed in. */
export interface SignedInState<Claims = UserClaims> extends StateBase {
  readonly status: 'signed-in'
  /** The claims of the checked ID token; empty for a plain OAuth 2 session. The same object until the claims change. */
  readonly claims: Claims
  readonly tokenSet: TokenSet
}

/** An immutable snapshot. A new object only if something in it has changed. */
export type SessionState<Claims = UserClaims> =
  | NotSignedInState<'restoring'>
  | NotSignedInState<'signed-out'>
  | SignedInState<Claims>

/** Everything that may change the state, in the past tense. */
export type SessionEvent =
  | { readonly type: 'restored'; readonly tokenSet: TokenSet | undefined; readonly claims: UserClaims }
  | { readonly type: 'login_started' }
  | { readonly type: 'login_abandoned' }
  | { readonly type: 'refresh_started' }
  | { readonly type: 'refresh_ended' }
  | { readonly type: 'logout_started' }
  | { readonly type: 'logout_ended' }
  | { readonly type: 'token_set_received'; readonly tokenSet: TokenSet; readonly claims: UserClaims }
  | { readonly type: 'signed_out'; readonly error?: OAuthClientError | undefined; readonly activity?: 'signing-out' | 'idle' }
  | { readonly type: 'failed'; readonly error: OAuthClientError }

/** The state before `start()`. */
export const initialState: NotSignedInState = { status: 'restoring', activity: 'idle', error: undefined }

/** The only writer of the state. Pure: returns the same state object if nothing changes. */
export function reduce(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'restored':
      // The error of a callback that failed before is kept.
      return { ...(event.tokenSet ? signedIn(state, event.tokenSet, event.claims) : signedOut), error: state.error }
    case 'login_started':
      return { ...state, activity: 'signing-in', error: undefined }
    case 'refresh_started':
      return { ...state, activity: 'refreshing', error: undefined }
    case 'logout_started':
      return { ...state, activity: 'signing-out', error: undefined }
    case 'login_abandoned':
    case 'refresh_ended':
    case 'logout_ended':
      return state.activity === 'idle' ? state : { ...state, activity: 'idle' }
    case 'token_set_received':
      return signedIn(state, event.tokenSet, event.claims)
    case 'signed_out':
      return { ...signedOut, error: event.error, activity: event.activity ?? 'idle' }
    case 'failed':
      return { ...state, activity: 'idle', error: event.error }
  }
}

const signedOut: NotSignedInState = { status: 'signed-out', activity: 'idle', error: undefined }

function signedIn(state: SessionState, tokenSet: TokenSet, claims: UserClaims): SignedInState {
  return { status: 'signed-in', activity: 'idle', error: undefined, tokenSet, claims: sameClaims(state.claims, claims) }
}

/** Claims that differ in every ID token of one user. OpenID Connect Core 1.0, sections 2 and 3.1.3.6; RFC 7519, section 4.1 */
const CLAIMS_OF_THE_TOKEN: ReadonlySet<string> = new Set(['iat', 'exp', 'nbf', 'jti', 'nonce', 'at_hash', 'c_hash', 's_hash'])

/** Keeps the former object if the user's claims are the same, so that a refresh does not re-render components that show them. */
function sameClaims(former: UserClaims | undefined, claims: UserClaims): UserClaims {
  return former !== undefined && ofTheUser(former) === ofTheUser(claims) ? former : claims
}

function ofTheUser(claims: UserClaims): string {
  return JSON.stringify(Object.entries(claims).filter(([name]) => !CLAIMS_OF_THE_TOKEN.has(name)))
}
