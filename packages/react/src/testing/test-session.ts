import { initialState, reduce, type OAuthClientError, type SessionState, type TokenSet, type UserClaims } from '@latchkey/core'
import type { RegisteredClaims } from '../provider/register.js'

interface Happening {
  readonly activity?: SessionState['activity']
  /** The last failure. With an error nothing is going on: the activity is idle. */
  readonly error?: OAuthClientError
}

interface NoUser extends Happening {
  readonly status: 'restoring' | 'signed-out'
}

interface User<Claims> extends Happening {
  readonly status?: 'signed-in'
  readonly claims: Claims
  /** What differs from a Bearer token for `openid profile email` that never expires. */
  readonly tokenSet?: Partial<TokenSet>
}

/** The state a test begins with: somebody's claims, or the status alone. */
export type TestSession<Claims = RegisteredClaims> = NoUser | User<Claims>

/** @returns the state as the client's own rules make it: what they rule out cannot be tested with */
export function stateOf(session: TestSession<unknown>): SessionState {
  const { activity = 'idle', error } = session
  const settled = session.status === 'restoring' ? initialState : reduce(initialState, restored(session))
  if (error) return reduce(settled, { type: 'failed', error })
  switch (activity) {
    case 'idle':
      return settled
    case 'signing-in':
      return reduce(settled, { type: 'login_started' })
    case 'refreshing':
      return reduce(settled, { type: 'refresh_started' })
    case 'signing-out':
      return reduce(settled, { type: 'logout_started' })
  }
}

function restored(session: TestSession<unknown>): Parameters<typeof reduce>[1] {
  if (!('claims' in session)) return { type: 'restored', tokenSet: undefined, claims: {} }
  const claims = asUserClaims(session.claims)
  return { type: 'restored', tokenSet: testTokenSet(claims, session.tokenSet), claims }
}

/** @returns the claims as the client keeps them: a test may give its own type of them */
export function asUserClaims(claims: unknown): UserClaims {
  return Object.assign({}, claims)
}

/** @returns a token set for the user; without a `sub` it has no ID token, as from a plain OAuth 2 server */
export function testTokenSet(claims: UserClaims, differing: Partial<TokenSet> = {}): TokenSet {
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
  return { ...tokenSet, ...idToken, ...differing }
}
