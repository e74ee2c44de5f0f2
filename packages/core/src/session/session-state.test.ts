import { describe, expect, it } from 'vitest'
import { SessionError } from '../errors/errors.js'
import { initialState, reduce, type SessionState } from './session-state.js'
import type { TokenSet } from '../protocol/token-set.js'

const tokenSet: TokenSet = { accessToken: 'a', tokenType: 'Bearer', receivedAt: 0, response: {} }
const error = new SessionError('token_invalid', 'over')
const signedIn: SessionState = reduce(initialState, { type: 'restored', tokenSet, claims: { sub: 'alice' } })

describe('reduce()', () => {
  it('starts as restoring and ends restored', () => {
    expect(initialState.status).toBe('restoring')
    expect(signedIn).toMatchObject({ status: 'signed-in', claims: { sub: 'alice' } })
    expect(reduce(initialState, { type: 'restored', tokenSet: undefined, claims: {} }).status).toBe('signed-out')
  })

  it('never hides who is signed in behind an activity', () => {
    for (const type of ['refresh_started', 'login_started', 'logout_started'] as const)
      expect(reduce(signedIn, { type })).toMatchObject({ status: 'signed-in', claims: { sub: 'alice' } })
  })

  it('keeps the session when something fails, and says so', () => {
    expect(reduce(signedIn, { type: 'failed', error })).toMatchObject({ status: 'signed-in', error })
  })

  it('forgets the error at the next attempt', () => {
    const failed = reduce(signedIn, { type: 'failed', error })
    expect(reduce(failed, { type: 'login_started' }).error).toBeUndefined()
  })

  it('keeps a callback’s error through the restore', () => {
    const failed = reduce(initialState, { type: 'failed', error })
    expect(reduce(failed, { type: 'restored', tokenSet, claims: {} })).toMatchObject({ status: 'signed-in', error })
  })

  it('hands out the same claims object while their content is the same (invariant 13)', () => {
    const again = reduce(signedIn, {
      type: 'token_set_received',
      tokenSet: { ...tokenSet, accessToken: 'b' },
      claims: { sub: 'alice' },
    })
    expect(again.claims).toBe(signedIn.claims)
    expect(again.tokenSet).not.toBe(signedIn.tokenSet)
  })

  it('counts a new ID token of the same user as the same claims, and another name as others (invariant 13)', () => {
    const receive = (state: SessionState, claims: object): SessionState =>
      reduce(state, { type: 'token_set_received', tokenSet, claims: { sub: 'alice', ...claims } })
    const first = receive(initialState, { name: 'Alice', exp: 1, iat: 0, at_hash: 'x' })
    expect(receive(first, { name: 'Alice', exp: 2, iat: 1, at_hash: 'y' }).claims).toBe(first.claims)
    expect(receive(first, { name: 'Alicia', exp: 2, iat: 1, at_hash: 'y' }).claims).toMatchObject({ name: 'Alicia' })
  })

  it('leaves nothing of the user behind after the sign-out', () => {
    expect(reduce(signedIn, { type: 'signed_out' })).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
  })

  it('returns the same object when nothing changed', () => {
    expect(reduce(signedIn, { type: 'refresh_ended' })).toBe(signedIn)
  })
})
