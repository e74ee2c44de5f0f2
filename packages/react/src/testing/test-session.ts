import {
  ConfigurationError,
  initialState,
  reduce,
  refuseUnknownOptions,
  type OptionNames,
  type OAuthClientError,
  type SessionState,
  type TokenSet,
  type UserClaims,
} from '@latchkey/core'
import type { RegisteredClaims } from '../provider/register.js'

interface Progress {
  readonly activity?: SessionState['activity'] | undefined
  /** The last failure. It implies the activity `idle`. */
  readonly error?: OAuthClientError | undefined
}

interface NotSignedIn extends Progress {
  readonly status: 'restoring' | 'signed-out'
}

interface User<Claims> extends Progress {
  readonly status?: 'signed-in' | undefined
  readonly claims: Claims
  /** Members that differ from a Bearer token for `openid profile email` without expiry. */
  readonly tokenSet?: Partial<TokenSet> | undefined
}

/**
 * Describes the session that a test starts with: the claims of a user, or a status without a user. A status alone may be a string;
 * `'signed-in'` is then the user `{ sub: 'test-user', name: 'Test User' }`.
 */
export type TestSession<Claims = RegisteredClaims> = NotSignedIn | User<Claims> | SessionState['status']

/** The user of a test that names none. */
export const DEFAULT_USER = { sub: 'test-user', name: 'Test User' }

function described(session: TestSession<unknown>): NotSignedIn | User<unknown> {
  if (session === 'signed-in') return { claims: DEFAULT_USER }
  const given = typeof session === 'string' ? { status: session } : session
  checkSession(given)
  return given
}

const PROGRESS = { activity: "'idle' | 'signing-in' | 'refreshing' | 'signing-out'", error: 'object' }
const NOT_SIGNED_IN: OptionNames<NotSignedIn> = { ...PROGRESS, status: "'restoring' | 'signed-out' | 'signed-in'" }
const USER: OptionNames<User<unknown>> = { ...PROGRESS, status: "'signed-in'", claims: 'object', tokenSet: 'object' }

/** A session that is misspelled would be another one, and the test would pass. */
function checkSession(session: NotSignedIn | User<unknown>): void {
  const hasClaims = typeof session === 'object' && (session as Partial<User<unknown>> | null)?.claims !== undefined
  if (session?.status === 'signed-in' && !hasClaims) {
    throw new ConfigurationError('configuration', 'The session of the test has the status "signed-in" and no claims.', {
      hint: 'Pass { claims: { sub: "alice" } }, or "signed-in" for the user { sub: "test-user", name: "Test User" }.',
    })
  }
  // "signed-in" without claims is refused above, so that it can be suggested here.
  refuseUnknownOptions('The session of the test', session, hasClaims ? USER : NOT_SIGNED_IN)
}

/** @returns the state, built by the client's own reducer, so that only states that can occur can be tested */
export function stateOf(given: TestSession<unknown>): SessionState {
  const session = described(given)
  const { activity = 'idle', error } = session
  const restored = session.status === 'restoring' ? initialState : reduce(initialState, restoredEvent(session))
  if (error) return reduce(restored, { type: 'failed', error })
  switch (activity) {
    case 'idle':
      return restored
    case 'signing-in':
      return reduce(restored, { type: 'login_started' })
    case 'refreshing':
      return reduce(restored, { type: 'refresh_started' })
    case 'signing-out':
      return reduce(restored, { type: 'logout_started' })
  }
}

function restoredEvent(session: NotSignedIn | User<unknown>): Parameters<typeof reduce>[1] {
  if (!('claims' in session) || session.claims === undefined) return { type: 'restored', tokenSet: undefined, claims: {} }
  const claims = asUserClaims(session.claims)
  return { type: 'restored', tokenSet: testTokenSet(claims, session.tokenSet), claims }
}

/** @returns the claims with the type that the client stores; a test may use its own type */
export function asUserClaims(claims: unknown): UserClaims {
  return Object.assign({}, claims)
}

/** @returns a token set for the user; without a `sub` it has no ID token, as from a plain OAuth 2.0 server */
export function testTokenSet(claims: UserClaims, overrides: Partial<TokenSet> = {}): TokenSet {
  const { sub } = claims
  const tokenSet = {
    accessToken: 'test-access-token',
    tokenType: 'Bearer',
    scope: 'openid profile email',
    receivedAt: 0,
    response: {},
  }
  const idToken = sub !== undefined && {
    idToken: 'test-id-token',
    claims: { iss: 'https://issuer.test', aud: 'test-client', iat: 0, exp: 3600, ...claims, sub },
  }
  return { ...tokenSet, ...idToken, ...overrides }
}
