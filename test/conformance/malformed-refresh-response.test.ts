// Responses to a refresh: transient failures keep the session (invariant 3), `invalid_grant` ends it, and tokens of another user
// are never accepted.
import type { ErrorCode } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { expectSignedIn, refusal, type Bench } from './relying-party.js'
import { without, type Faults } from './test-provider.js'

/** Signs in, then changes the responses to the refresh. */
async function afterSignIn(change: Faults): Promise<Bench> {
  const bench = await expectSignedIn()
  Object.assign(bench.provider.faults, change)
  return bench
}

async function expectKept(change: Faults, code: ErrorCode): Promise<void> {
  const { client } = await afterSignIn(change)
  const before = client.getTokenSet()
  expect((await refusal(client.refresh())).code).toBe(code)
  expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', claims: { sub: 'user-1' } })
  expect(client.getTokenSet()).toEqual(before)
}

async function expectOnlyRefreshTokenTaken(change: Faults, code: ErrorCode): Promise<void> {
  const { client } = await afterSignIn(change)
  const before = client.getTokenSet()
  expect((await refusal(client.refresh())).code).toBe(code)
  expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', claims: { sub: 'user-1' } })
  const { refreshToken, ...rest } = client.getTokenSet() ?? {}
  expect({ ...rest, refreshToken: before?.refreshToken }).toEqual(before)
  expect(refreshToken).not.toBe(before?.refreshToken)
}

const KEPT: ReadonlyArray<readonly [what: string, change: Faults, code: ErrorCode]> = [
  ['status 500', { token: () => new Response(null, { status: 500 }) }, 'server_error'],
  ['status 503', { token: () => new Response('<html>', { status: 503 }) }, 'server_error'],
  ['status 429', { token: () => new Response(null, { status: 429 }) }, 'rate_limited'],
  ['a page', { token: () => new Response('<html>', { headers: { 'content-type': 'text/html' } }) }, 'invalid_response'],
  [
    'an error that is not about the refresh token',
    { token: () => Response.json({ error: 'invalid_scope' }, { status: 400 }) },
    'token_error',
  ],
]

/** The server has spent the former refresh token: the new one is kept, and nothing else of the response. */
const REFUSED_ID_TOKENS: ReadonlyArray<readonly [what: string, change: Faults]> = [
  ['of another user', { claims: (right) => ({ ...right, sub: 'user-2' }) }],
  ['of another issuer', { claims: (right) => ({ ...right, iss: 'https://evil.example.com' }) }],
  ['for another client', { claims: (right) => ({ ...right, aud: 'another-client' }) }],
  ['with a broken signature', { sign: () => 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA' }],
]

describe('malformed refresh response (invariants 3 and 4)', () => {
  it.each(KEPT)('with %s is rejected and the session stays unchanged', async (_what, change, code) => {
    await expectKept(change, code)
  })

  it.each(REFUSED_ID_TOKENS)('with an ID token %s is rejected, and only its new refresh token is kept', async (_what, change) => {
    await expectOnlyRefreshTokenTaken(change, 'invalid_id_token')
  })

  it('with no access token is rejected, and only its new refresh token is kept', async () => {
    await expectOnlyRefreshTokenTaken({ token: (body) => without(body, 'access_token') }, 'missing_token')
  })

  it('keeps refresh token, ID token and claims if the response omits them', async () => {
    const { client } = await afterSignIn({ token: (body) => without(without(body, 'refresh_token'), 'id_token') })
    const before = client.getTokenSet()
    const after = await client.refresh()
    expect(after.accessToken).not.toBe(before?.accessToken)
    expect(after).toMatchObject({ refreshToken: before?.refreshToken, idToken: before?.idToken, claims: before?.claims })
  })

  it('with "invalid_grant" ends the session and reports the error', async () => {
    const { client } = await afterSignIn({ token: () => Response.json({ error: 'invalid_grant' }, { status: 400 }) })
    expect((await refusal(client.refresh())).code).toBe('token_invalid')
    expect(client.getSnapshot().status).toBe('signed-out')
    expect(client.getSnapshot().error?.code).toBe('token_invalid')
    expect(client.getTokenSet()).toBeUndefined()
  })
})
