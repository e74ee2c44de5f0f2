import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { WEB } from '../server/test-requests.fixture.js'
import { authorizationCode } from './grants/authorization-code.js'
import { clientCredentials } from './grants/client-credentials.js'
import { createIssue, type IssueDecision } from './grants/create-issue.js'
import type { Grant } from './grants/grant.js'
import { tokenExchange } from './grants/token-exchange.js'
import { TOKEN_EXCHANGE } from './revoke-family.js'
import { refreshToken, type RefreshTokenOptions } from './grants/refresh-token.js'
import { rar } from '../features/rar/rar.js'
import { json, redeem, signIn, testBrowser, tokenRequest, type TestBrowser } from '../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testServer } from '../server/test-server.fixture.js'

const signedIn = async (server: AuthorizationServer, browser: TestBrowser = testBrowser(server)) => {
  const code = (await signIn(browser)).searchParams.get('code') ?? ''
  return { ...(await json(await redeem(server, code))), code } as Record<string, string>
}
const refresh = async (server: AuthorizationServer, token = ''): Promise<Record<string, string>> =>
  json(await server.fetch(tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: token })))
const isAlive = async (server: AuthorizationServer, token = ''): Promise<boolean> =>
  (await server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))).ok

async function customServer(decision: IssueDecision, options?: RefreshTokenOptions) {
  const grantType = 'urn:example:custom'
  const handle: Grant['handle'] = (request) => createIssue(request, { userId: 'alice', scope: 'email', ...decision })
  const features = [rar({ types: { payment: { check: () => undefined } } })]
  const grants = [{ grantType, handle } as Grant, refreshToken(options)]
  const { server, clock } = await testServer({ uniqueTokens: true, grants, features })
  const issue = async (more: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> =>
    json(await server.fetch(tokenRequest({ grant_type: grantType, client_id: 'spa', scope: 'email', ...more })))
  return { server, clock, issue }
}

describe('unique tokens', () => {
  it('are new after a refresh, and the next sign-in gets those', async () => {
    // covers C-011
    const { server } = await testServer({ uniqueTokens: true })
    const first = await signedIn(server)
    const second = await refresh(server, first['refresh_token'])
    expect(second['access_token']).not.toBe(first['access_token'])
    const third = await signedIn(server)
    expect(third).toMatchObject({ access_token: second['access_token'], refresh_token: second['refresh_token'] })
    expect(await refresh(server, third['refresh_token'])).toHaveProperty('access_token')
  })

  it.each<IssueDecision>([
    { acr: 'gold' },
    { amr: ['otp'] },
    { authTime: 1_767_000_000 },
    { claims: '{"userinfo":{"email":null}}' },
    { data: { act: { sub: 'service' } } },
    { data: { plan: 'gold' } },
    { userId: 'bob' },
    { withRefreshToken: false },
    { expiresIn: 60 },
  ])('are others for %o', async (reached) => {
    const decisions = [{}, reached, {}, reached]
    const custom: Grant = {
      grantType: 'urn:example:custom',
      handle: (request) => createIssue(request, { userId: 'alice', scope: 'openid', ...decisions.shift() }),
    }
    const { server } = await testServer({ uniqueTokens: true, grants: [custom, refreshToken()] })
    const tokens: string[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const request = tokenRequest({ grant_type: 'urn:example:custom', client_id: 'spa', scope: 'openid' })
      tokens.push((await json(await server.fetch(request)))['access_token'] ?? '')
    }
    expect(tokens[1]).not.toBe(tokens[0])
    expect(tokens[3]).toBe(tokens[1])
    if (reached.expiresIn === undefined) expect(tokens[2]).toBe(tokens[0])
  })

  it.each<readonly [string, IssueDecision, Readonly<Record<string, string>>]>([
    ['what it requests', {}, {}],
    ['a sign-in', { acr: 'gold', amr: ['otp'], authTime: 1_767_000_000, claims: '{"userinfo":{"email":null}}' }, {}],
    ['data, of which a store keeps less', { data: { plan: undefined, act: { sub: 'service' } } }, {}],
    ['resources', {}, { resource: 'https://api.example/' }],
    ['authorization details', {}, { authorization_details: '[{"type":"payment"}]' }],
  ])('of a custom grant are the newest of the user: those of the last refresh (%s)', async (_, decision, more) => {
    // covers C-011, C-063
    const { issue, server, clock } = await customServer(decision)
    const first = await issue(more)
    expect(await issue(more)).toEqual(first)
    let newest = first
    for (let turn = 0; turn < 2; turn += 1) {
      clock.advance(60)
      newest = await refresh(server, newest['refresh_token'])
      expect(await issue(more)).toMatchObject({
        access_token: newest['access_token'],
        refresh_token: newest['refresh_token'],
        expires_in: 3600,
      })
    }
    expect(newest['access_token']).not.toBe(first['access_token'])
  })

  it('of a custom grant are those with a refresh token if a refresh issues none', async () => {
    // covers C-063
    const { issue, server, clock } = await customServer({}, { rotate: false })
    const first = await issue()
    clock.advance(60)
    expect(await refresh(server, first['refresh_token'])).not.toHaveProperty('refresh_token')
    expect(await issue()).toMatchObject({ access_token: first['access_token'], refresh_token: first['refresh_token'] })
  })

  it('do not outlive the subject token of an exchange', async () => {
    const clients = [SPA, { ...CONFIDENTIAL, servedResources: ['https://api.example/'] }]
    const grants = [authorizationCode(), tokenExchange()]
    const { server, clock } = await testServer({ uniqueTokens: true, clients, grants })
    const subjects: string[] = []
    for (let turn = 0; turn < 2; turn += 1) {
      const code = (await signIn(testBrowser(server), { resource: 'https://api.example/' })).searchParams.get('code') ?? ''
      subjects.push((await json(await redeem(server, code)))['access_token'] ?? '')
      clock.advance(600)
    }
    const exchange = async (token = ''): Promise<string> => {
      const type = 'urn:ietf:params:oauth:token-type:access_token'
      const body = { grant_type: TOKEN_EXCHANGE, subject_token: token, subject_token_type: type, ...WEB }
      return (await json(await server.fetch(tokenRequest(body))))['access_token'] ?? ''
    }
    const [later, earlier] = [await exchange(subjects[1]), await exchange(subjects[0])]
    expect(earlier).not.toBe(later)
    expect(await exchange(subjects[0])).toBe(earlier)
    clock.advance(2400)
    expect([await isAlive(server, later), await isAlive(server, earlier)]).toEqual([true, false])
  })

  it('are new if their refresh token was used', async () => {
    // covers C-011
    const { server } = await testServer({ uniqueTokens: true })
    const first = await signedIn(server)
    const narrow = { grant_type: 'refresh_token', client_id: 'spa', scope: 'openid' }
    await server.fetch(tokenRequest({ ...narrow, refresh_token: first['refresh_token'] ?? '' }))
    const second = await signedIn(server)
    expect(second['refresh_token']).not.toBe(first['refresh_token'])
    expect(await refresh(server, second['refresh_token'])).toHaveProperty('access_token')
  })

  it('are revoked with any session that got them', async () => {
    // covers C-011
    for (const which of ['former', 'latter'] as const) {
      const { server } = await testServer({ uniqueTokens: true })
      const browsers = { former: testBrowser(server), latter: testBrowser(server) }
      const tokens = [await signedIn(server, browsers.former), await signedIn(server, browsers.latter)]
      expect(tokens[1]?.['access_token']).toBe(tokens[0]?.['access_token'])
      const hint = tokens[which === 'former' ? 0 : 1]?.['id_token'] ?? ''
      await browsers[which].get(`/oauth/end-session?${new URLSearchParams({ id_token_hint: hint }).toString()}`)
      expect(await isAlive(server, tokens[0]?.['access_token']), which).toBe(false)
      expect((await refresh(server, tokens[0]?.['refresh_token']))['error'], which).toBe('invalid_grant')
    }
  })

  it('are revoked when one of their codes is used again', async () => {
    // covers C-011, C-028
    const { server } = await testServer({ uniqueTokens: true })
    const first = await signedIn(server)
    const second = await signedIn(server)
    await redeem(server, second['code'] ?? '')
    expect(await isAlive(server, first['access_token'])).toBe(false)
  })

  it('need a user: a grant without one is an error', async () => {
    // covers C-011
    const errors: unknown[] = []
    const grants = [authorizationCode(), refreshToken(), clientCredentials({ scopes: ['read'] })]
    const hooks = { onError: (error: unknown) => void errors.push(error) }
    const { server } = await testServer({ uniqueTokens: true, grants, hooks })
    const credentials = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }
    const response = await server.fetch(tokenRequest({ grant_type: 'client_credentials', scope: 'read', ...credentials }))
    expect(response.status).toBe(500)
    expect((await json(response))['error']).toBe('server_error')
    expect(String(errors[0])).toContain('uniqueTokens')
  })
})
