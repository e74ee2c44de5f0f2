import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { dpopKey } from '../../features/dpop/dpop-proof.fixture.js'
import { authorizePath, json, redeem, signIn, testBrowser, tokenRequest } from '../../server/test-browser.fixture.js'
import { userSite } from '../../site/user-site.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { ALICE, BOB, CONFIDENTIAL, ISSUER, SPA, testClock, testServer, VERIFIER } from '../../server/test-server.fixture.js'
import { authorizationCode } from './authorization-code.js'
import { refreshToken, type RefreshTokenOptions } from './refresh-token.js'

const grants = (options: RefreshTokenOptions = {}) => [authorizationCode(), refreshToken(options)]

interface Refreshing {
  readonly more?: Readonly<Record<string, string>>
  readonly dpop?: string
}

function refresh(server: AuthorizationServer, token = '', { more, dpop }: Refreshing = {}): Promise<Response> {
  const body = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: token, ...more }
  return server.fetch(tokenRequest(body, dpop === undefined ? {} : { dpop }))
}

const codeOf = async (server: AuthorizationServer, params = {}): Promise<string> =>
  (await signIn(testBrowser(server), params)).searchParams.get('code') ?? ''
const signedIn = async (server: AuthorizationServer, params = {}): Promise<Record<string, string>> =>
  json(await redeem(server, await codeOf(server, params)))

async function redeemWithProof(server: AuthorizationServer, dpop: string): Promise<Record<string, string>> {
  const body = {
    grant_type: 'authorization_code',
    client_id: 'spa',
    redirect_uri: SPA.redirectUris[0] ?? '',
    code: await codeOf(server),
    code_verifier: VERIFIER,
  }
  return json(await server.fetch(tokenRequest(body, { dpop })))
}

const tokenRecord = async (server: AuthorizationServer, token = '') => {
  const verified = await server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))
  return verified.ok ? verified.token : undefined
}

describe('a code of a user who has been removed', () => {
  it('gives no tokens', async () => {
    let isActive = true
    const users = userSite({ users: [ALICE] })
    const { server } = await testServer({ site: { ...users, isActive: () => isActive } })
    const code = await codeOf(server)
    isActive = false
    expect(await json(await redeem(server, code))).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('a refresh token that is bound to a key (RFC 9449, section 5)', () => {
  it('is not consumed by a request without the key', async () => {
    const { server, clock } = await testServer()
    const [key, stranger] = [await dpopKey(clock), await dpopKey(clock)]
    const { refresh_token: token } = await redeemWithProof(server, await key.proof())
    expect((await json(await refresh(server, token)))['error']).toBe('invalid_grant')
    expect((await json(await refresh(server, token, { dpop: await stranger.proof() })))['error']).toBe('invalid_grant')
    const renewed = await refresh(server, token, { dpop: await key.proof() })
    expect(renewed.status).toBe(200)
    expect((await json(renewed))['token_type']).toBe('DPoP')
  })

  it('stays bound when it is rotated', async () => {
    const { server, clock } = await testServer()
    const [key, stranger] = [await dpopKey(clock), await dpopKey(clock)]
    const first = await redeemWithProof(server, await key.proof())
    const second = await json(await refresh(server, first['refresh_token'], { dpop: await key.proof() }))
    const refused = await refresh(server, second['refresh_token'], { dpop: await stranger.proof() })
    expect((await json(refused))['error']).toBe('invalid_grant')
  })

  it('is not bound for a client that authenticates: its next proof may use another key', async () => {
    const { server, clock } = await testServer()
    const web = { client_id: 'web', redirect_uri: CONFIDENTIAL.redirectUris[0] ?? '' }
    const credentials = { ...web, client_secret: CONFIDENTIAL.clientSecret ?? '' }
    const body = { grant_type: 'authorization_code', code: await codeOf(server, web), code_verifier: VERIFIER, ...credentials }
    const tokens = await json(await server.fetch(tokenRequest(body, { dpop: await (await dpopKey(clock)).proof() })))
    const dpop = await (await dpopKey(clock)).proof()
    expect((await refresh(server, tokens['refresh_token'], { more: credentials, dpop })).status).toBe(200)
  })
})

describe('a refresh', () => {
  it('keeps data, user and grant type', async () => {
    // covers C-037
    const site = {
      authenticate: () => ({ userId: 'alice', data: { tenant: 7 } }),
      renderAuthorizationPage: () => ({ html: () => '' }),
      userDeniedAccess: () => false,
    }
    const { server } = await testServer({ site })
    const authorization = await testBrowser(server).get(authorizePath())
    const code = new URL(authorization.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const first = await json(await redeem(server, code))
    const second = await json(await refresh(server, first['refresh_token']))
    expect(await tokenRecord(server, second['access_token'])).toMatchObject({
      grantType: 'authorization_code',
      userId: 'alice',
      data: { tenant: 7 },
    })
  })

  it('fails for a user who is no longer active, and does not consume the token', async () => {
    const gone = new Set<string>()
    const site = { ...userSite({ users: [ALICE] }), isActive: (userId: string) => !gone.has(userId) }
    const { server } = await testServer({ site })
    const { refresh_token: token } = await signedIn(server)
    gone.add('alice')
    expect((await json(await refresh(server, token)))['error']).toBe('invalid_grant')
    gone.delete('alice')
    expect((await refresh(server, token)).status).toBe(200)
  })

  it('fails for a user who was removed from the list', async () => {
    const clock = testClock()
    const stores = storesOver(memoryStore({ now: clock.now }))
    const before = await testServer({ stores }, clock)
    const { refresh_token: token } = await signedIn(before.server)
    const after = await testServer({ stores, site: userSite({ users: [BOB] }) }, clock)
    expect((await json(await refresh(after.server, token)))['error']).toBe('invalid_grant')
    expect((await refresh(before.server, token)).status).toBe(200)
  })

  it('asks the site of the grant of the sign-in', async () => {
    const own = [authorizationCode({ site: userSite({ users: [ALICE] }) }), refreshToken()]
    const { server } = await testServer({ grants: own, site: userSite({ users: [BOB] }) })
    const { refresh_token: token } = await signedIn(server)
    expect((await refresh(server, token)).status).toBe(200)
  })
})

describe('the grace period of a rotated refresh token', () => {
  it('is for three repetitions, whose access tokens are short-lived', async () => {
    const { server } = await testServer({ grants: grants() })
    const { refresh_token: first } = await signedIn(server)
    const responses: Record<string, string>[] = []
    for (let index = 0; index < 6; index += 1) responses.push(await json(await refresh(server, first)))
    expect(responses.map((response) => response['error'] ?? response['expires_in'])).toEqual([
      3600,
      300,
      300,
      300,
      'invalid_grant',
      'invalid_grant',
    ])
    expect((await refresh(server, responses[1]?.['refresh_token'])).status).toBe(200)
    const short = [authorizationCode(), refreshToken({ accessTokenExpiresIn: 60 })]
    const other = await testServer({ grants: short })
    const { refresh_token: token } = await signedIn(other.server)
    const [once, twice] = [await json(await refresh(other.server, token)), await json(await refresh(other.server, token))]
    expect([once['expires_in'], twice['expires_in']]).toEqual([60, 60])
  })

  const errorOf = async (response: Promise<Response>): Promise<string | undefined> => (await json(await response))['error']

  it('is for an identical request: another scope, resource or key is a replay', async () => {
    for (const more of [{ scope: 'openid' }, { resource: 'https://api.example/' }]) {
      const { server } = await testServer({ grants: grants({ grace: 30 }) })
      const { refresh_token: token } = await signedIn(server, { resource: 'https://api.example/' })
      const { refresh_token: next } = await json(await refresh(server, token))
      expect(await errorOf(refresh(server, token, { more })), JSON.stringify(more)).toBe('invalid_grant')
      expect(await errorOf(refresh(server, next)), 'the family has ended').toBe('invalid_grant')
    }
    const { server, clock } = await testServer({ grants: grants({ grace: 30 }) })
    const { refresh_token: token } = await signedIn(server)
    expect((await refresh(server, token)).status).toBe(200)
    expect(await errorOf(refresh(server, token, { dpop: await (await dpopKey(clock)).proof() }))).toBe('invalid_grant')
  })

  it('ends when a token of its result is used', async () => {
    const { server } = await testServer({ grants: grants({ grace: 30 }) })
    const { refresh_token: token } = await signedIn(server)
    const { refresh_token: next } = await json(await refresh(server, token))
    expect((await refresh(server, next)).status).toBe(200)
    expect(await errorOf(refresh(server, token))).toBe('invalid_grant')
  })

  it('leaves one branch: of two responses to one request, the one that is used first counts', async () => {
    const { server } = await testServer({ grants: grants({ grace: 30 }) })
    const { refresh_token: token } = await signedIn(server)
    const responses = await Promise.all([refresh(server, token), refresh(server, token)])
    const [one, other] = await Promise.all(responses.map(async (refreshed) => (await json(refreshed))['refresh_token']))
    const third = await json(await refresh(server, one))
    expect(third).toHaveProperty('access_token')
    expect(await errorOf(refresh(server, other))).toBe('invalid_grant')
    expect(await errorOf(refresh(server, third['refresh_token'])), 'the family has ended').toBe('invalid_grant')
  })
})
