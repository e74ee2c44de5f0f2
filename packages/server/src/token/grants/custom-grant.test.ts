import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { asPage, authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../../server/test-browser.fixture.js'
import { post, verifyToken, WEB } from '../../server/test-requests.fixture.js'
import { testServer } from '../../server/test-server.fixture.js'
import { authorizationCode } from './authorization-code.js'
import { createIssue, type IssueDecision } from './create-issue.js'
import type { Grant } from './grant.js'
import { refreshToken } from './refresh-token.js'

const CARD = 'urn:example:grant-type:card'

function card(decision: IssueDecision = {}, more: Partial<Grant> = {}): Grant {
  return {
    grantType: CARD,
    handle: async (request) => {
      if (request.params.get('card') !== '42') throw new OAuthError('invalid_grant', 'the card is unknown')
      return createIssue(request, { userId: 'alice', ...decision })
    },
    ...more,
  } as Grant
}
const serverWith = async (grant: Grant): Promise<AuthorizationServer> =>
  (await testServer({ grants: [authorizationCode(), refreshToken(), grant] })).server
const ask = async (server: AuthorizationServer, params: Record<string, string> = {}): Promise<Record<string, string>> =>
  json(await post(server, '/token', { grant_type: CARD, card: '42', scope: 'openid email', ...WEB, ...params }))

/** Returns the message of the error that the host sees. */
async function reasonOf(grant: Grant): Promise<string> {
  const seen: unknown[] = []
  const hooks = { onError: (error: unknown) => void seen.push(error) }
  const { server } = await testServer({ grants: [authorizationCode(), refreshToken(), grant], hooks })
  expect(await ask(server)).toMatchObject({ error: 'server_error' })
  return (seen[0] as Error).message
}

describe('createIssue()', () => {
  it('issues tokens for the user that a custom grant has found', async () => {
    const server = await serverWith(card({ data: { card: '42' }, authTime: 1, more: { card_type: 'gold' } }))
    const tokens = await ask(server)
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid email', expires_in: 3600, card_type: 'gold' })
    expect(Object.keys(tokens)).toEqual(expect.arrayContaining(['access_token', 'refresh_token', 'id_token']))
    expect(await verifyToken(server, tokens['access_token'])).toMatchObject({ token: { userId: 'alice', data: { card: '42' } } })
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '', ...WEB }
    expect(await json(await post(server, '/token', refresh))).toHaveProperty('access_token')
    expect(await ask(server, { card: '1' })).toMatchObject({ error: 'invalid_grant' })
  })

  it('limits the scope to what the request, the grant and the decision allow', async () => {
    const server = await serverWith(card({ scope: 'email profile' }, { scopes: ['email', 'phone'] }))
    expect(await ask(server, { scope: 'email phone openid' })).toMatchObject({ scope: 'email' })
    expect(await ask(server, { scope: '' })).toMatchObject({ scope: 'email' })
    expect(await ask(server, { scope: 'phone' })).toMatchObject({ error: 'invalid_scope' })
    expect(await ask(server, { scope: 'openid' })).toMatchObject({ error: 'invalid_scope' })
  })

  it('issues no refresh token without a user, and keeps the requested resources', async () => {
    const server = await serverWith(card({ userId: undefined }))
    const tokens = await ask(server, { resource: 'https://api.example/' })
    expect(tokens).not.toHaveProperty('refresh_token')
    expect(await verifyToken(server, tokens['access_token'])).toMatchObject({ token: { resources: ['https://api.example/'] } })
    expect(await ask(server, { resource: 'relative' })).toMatchObject({ error: 'invalid_target' })
  })

  it('has the lifetime of the grant or of the decision', async () => {
    expect(await ask(await serverWith(card({}, { expiresIn: 60 })))).toMatchObject({ expires_in: 60 })
    expect(await ask(await serverWith(card({ expiresIn: 30 }, { expiresIn: 60 })))).toMatchObject({ expires_in: 30 })
    expect(await ask(await serverWith(card({}, { expiresIn: null })))).not.toHaveProperty('expires_in')
    expect(await ask(await serverWith(card({ expiresIn: null })))).not.toHaveProperty('expires_in')
  })

  it('has the default lifetime if the grant or the decision has an undefined one', async () => {
    expect(await ask(await serverWith(card({}, { expiresIn: undefined })))).toMatchObject({ expires_in: 3600 })
    expect(await ask(await serverWith(card({ expiresIn: undefined })))).toMatchObject({ expires_in: 3600 })
    expect(await ask(await serverWith(card({ expiresIn: undefined }, { expiresIn: 60 })))).toMatchObject({ expires_in: 60 })
    const handle: Grant['handle'] = async (request) => ({ ...(await createIssue(request)), expiresIn: request.grant.expiresIn })
    expect(await ask(await serverWith(card({}, { handle, expiresIn: undefined })))).toMatchObject({ expires_in: 3600 })
    expect(await ask(await serverWith(card({}, { handle, expiresIn: null })))).not.toHaveProperty('expires_in')
    expect(
      await ask(await serverWith(card({ data: undefined, withRefreshToken: undefined } as unknown as IssueDecision))),
    ).toHaveProperty('refresh_token')
  })

  it.each([-1, 0, Number.NaN, Infinity, '3600'])('refuses the lifetime %s', async (given) => {
    const expiresIn = given as number
    await expect(serverWith(card({}, { expiresIn }))).rejects.toThrow(/^grants: "expiresIn"/)
    expect(() => authorizationCode({ expiresIn })).toThrow(/^expiresIn: /)
    expect(() => refreshToken({ expiresIn })).toThrow(/^refreshToken: "expiresIn"/)
    expect(() => refreshToken({ accessTokenExpiresIn: expiresIn })).toThrow(/^refreshToken: "accessTokenExpiresIn"/)
    expect(await reasonOf(card({ expiresIn }))).toMatch(/^createIssue: "expiresIn"/)
  })

  it.each([
    [{ userID: 'alice' }, /"userID" is unknown. Did you mean "userId"/],
    [{ scopes: 'openid' }, /"scopes" is unknown. Did you mean "scope"/],
    [{ resources: ['https://evil.example/'] }, /"resources" is unknown/],
    [{ families: [] }, /"families" is unknown/],
    [{ userId: '' }, /"userId" must be a string that is not empty/],
    [{ authTime: 1_700_000_000_000 }, /"authTime" must be in seconds/],
  ])('refuses the decision %o', async (decision, reason) => {
    expect(await reasonOf(card(decision as IssueDecision))).toMatch(reason)
  })

  it('is named in the error if "handle" returns something else', async () => {
    for (const result of [undefined, {}, { userId: 'alice' }]) {
      const grant = card({}, { handle: () => Promise.resolve(result as never) })
      expect(await reasonOf(grant)).toMatch(/"handle" of "urn:example.*createIssue/)
    }
  })
})

describe('a custom grant at the authorization endpoint', () => {
  const ticket = (more: Partial<Grant> = {}): Grant => ({
    expiresIn: 60,
    grantType: 'urn:example:ticket',
    responseTypes: ['ticket', 'code ticket'],
    async authorize({ session, scope, responseType, createAccessToken, createCode }) {
      if (scope.includes('phone')) throw new OAuthError('access_denied', 'no tickets for phones')
      return {
        ticket: `${session.userId}:${scope.join(',')}`,
        ...(responseType === 'ticket' && { access_token: await createAccessToken() }),
        ...(responseType !== 'ticket' && { code: await createCode() }),
      }
    },
    ...more,
  })

  it('creates the response after sign-in and consent, in the fragment by default', async () => {
    const server = await serverWith(ticket())
    const location = await signIn(testBrowser(server), { response_type: 'ticket', scope: 'openid email' })
    const response = new URLSearchParams(location.hash.slice(1))
    expect(Object.fromEntries(response)).toMatchObject({ ticket: 'alice:openid,email', state: 'st&te=1', iss: server.issuer })
    expect(location.search).toBe('')
    expect((await verifyToken(server, response.get('access_token') ?? '')).ok).toBe(true)
    const inQuery = await signIn(testBrowser(server), { response_type: 'ticket' }).catch(String)
    expect(inQuery).toBeDefined()
    const refused = locationOf(await testBrowser(server).get(authorizePath({ response_type: 'ticket', response_mode: 'query' })))
    expect(refused.hash).toContain('error=invalid_request')
  })

  it('may issue a code, for which public clients need PKCE', async () => {
    const server = await serverWith(ticket({ responseMode: 'query' }))
    const location = await signIn(testBrowser(server), { response_type: 'ticket code' })
    expect(location.searchParams.get('ticket')).toBe('alice:openid,profile,email')
    expect((await redeem(server, location.searchParams.get('code') ?? '')).status).toBe(200)
    const without = { response_type: 'ticket code', code_challenge: undefined, code_challenge_method: undefined }
    expect(locationOf(await testBrowser(server).get(authorizePath(without))).searchParams.get('error')).toBe('invalid_request')
  })

  it('may refuse, and asks for consent like every grant', async () => {
    const server = await serverWith(ticket())
    const denied = await signIn(testBrowser(server), { response_type: 'ticket', scope: 'phone' })
    expect(denied.hash).toContain('error=access_denied')
    const browser = testBrowser(server)
    await signIn(browser)
    const page = await asPage(await browser.get(authorizePath({ response_type: 'ticket', prompt: 'consent' })))
    expect(page.text).toContain('Allow access?')
  })

  it('is in the metadata, and only serves the response types that it names', async () => {
    const server = await serverWith(ticket())
    const metadata = await json(await server.fetch(new Request(`${server.issuer}/.well-known/openid-configuration`)))
    expect(metadata['response_types_supported']).toEqual(['code', 'ticket', 'code ticket'])
    const other = locationOf(await testBrowser(server).get(authorizePath({ response_type: 'tickets' })))
    expect(other.search).toContain('unsupported_response_type')
  })
})
