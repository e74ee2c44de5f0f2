import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
} from '../../server/test-browser.fixture.js'
import { post, WEB } from '../../server/test-requests.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testServer } from '../../server/test-server.fixture.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { device } from '../../features/device/device.js'
import { jwtGenerator } from '../jwt-generator.js'
import { password } from './password.js'
import { refreshToken } from './refresh-token.js'

const [API, FILES, OTHER] = ['https://api.example/', 'https://files.example/', 'https://other.example/'] as const

/** A code for these resources. The fixture's parameters have one value each. */
async function codeFor(server: AuthorizationServer, resources: readonly string[]): Promise<string> {
  const browser = testBrowser(server)
  await signIn(browser)
  const more = resources.map((resource) => `&resource=${encodeURIComponent(resource)}`).join('')
  return locationOf(await browser.get(authorizePath() + more)).searchParams.get('code') ?? ''
}

const refresh = async (server: AuthorizationServer, token = '', more = {}): Promise<Record<string, string>> =>
  json(await server.fetch(tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: token, ...more })))
const audienceOf = ({ access_token: token = '' }: Record<string, string>) => decodeJwt(token).aud

describe('resource indicators at the token endpoint (RFC 8707, section 2.2)', () => {
  it('narrow the audience of one access token, and not that of the refresh token', async () => {
    const { server } = await testServer({ tokens: jwtGenerator() })
    const first = await json(await redeem(server, await codeFor(server, [API, FILES]), { resource: API }))
    expect(audienceOf(first)).toEqual([API])
    const second = await refresh(server, first['refresh_token'], { resource: FILES })
    expect(audienceOf(second)).toEqual([FILES])
    const third = await refresh(server, second['refresh_token'])
    expect(audienceOf(third)).toEqual([API, FILES])
  })

  it('narrow the audience of a token for a password, which no one agreed to use elsewhere', async () => {
    const clients = [SPA, { ...CONFIDENTIAL, resources: [API] }]
    const { server } = await testServer({ clients, tokens: jwtGenerator(), grants: [password(), refreshToken()] })
    const form = { grant_type: 'password', username: 'alice', password: 'wonderland', scope: 'openid', ...WEB }
    const first = await json(await post(server, '/token', { ...form, resource: API }))
    expect(audienceOf(first)).toEqual([API])
    expect(
      audienceOf(
        await json(
          await post(server, '/token', { ...WEB, grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' }),
        ),
      ),
    ).toEqual([API])
    for (const resource of [OTHER, 'notauri#x'])
      expect((await json(await post(server, '/token', { ...form, resource })))['error'], resource).toBe('invalid_target')
  })

  it('narrow the audience of a token for a device, whose code stays valid after a refusal', async () => {
    const { server } = await testServer({ tokens: jwtGenerator(), features: [device()] })
    const asked = await json(await post(server, '/device_authorization', { client_id: 'spa', scope: 'openid', resource: API }))
    const browser = testBrowser(server)
    await signIn(browser)
    const page = await asPage(await browser.get(`/oauth/device?user_code=${asked['user_code']}`))
    const consent = await asPage(await browser.submit(page, { user_code: asked['user_code'] ?? '', action: 'continue' }))
    await browser.submit(consent, { action: 'consent' })
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: 'spa',
      device_code: asked['device_code'] ?? '',
    }
    expect((await json(await post(server, '/token', { ...form, resource: OTHER })))['error']).toBe('invalid_target')
    expect(audienceOf(await json(await post(server, '/token', { ...form, resource: API })))).toEqual([API])
  })

  it('are refused if they were not granted, or are no absolute URI', async () => {
    const { server } = await testServer({ tokens: jwtGenerator() })
    for (const resource of [OTHER, 'notauri#x']) {
      const refused = await redeem(server, await codeFor(server, [API]), { resource })
      expect([refused.status, (await json(refused))['error']], resource).toEqual([400, 'invalid_target'])
    }
    const { refresh_token: token } = await json(await redeem(server, await codeFor(server, [API])))
    for (const resource of [OTHER, 'notauri#x'])
      expect((await refresh(server, token, { resource }))['error'], resource).toBe('invalid_target')

    // The token is still valid: the refused request has not consumed it.
    expect(audienceOf(await refresh(server, token))).toEqual([API])
  })

  it('are refused if the authorization request had none, also for clients without consent', async () => {
    const { server } = await testServer({ tokens: jwtGenerator({ audience: 'https://everything.example/' }) })
    const refused = await redeem(server, await codeFor(server, []), { resource: API })
    expect((await json(refused))['error']).toBe('invalid_target')
    const first = await json(await redeem(server, await codeFor(server, [])))
    expect((await refresh(server, first['refresh_token'], { resource: API }))['error']).toBe('invalid_target')
    expect(audienceOf(await refresh(server, first['refresh_token']))).toBe('https://everything.example/')
  })

  it('are no longer given once the record of the client does not allow them', async () => {
    const allowed: string[] = [API, FILES]
    const findClient = async (clientId: string): Promise<ClientRecord | undefined> =>
      clientId === 'spa' ? { ...SPA, resources: [...allowed] } : undefined
    const { server } = await testServer({ clients: { findClient }, tokens: jwtGenerator() })
    const first = await json(await redeem(server, await codeFor(server, [API, FILES])))
    allowed.pop()
    const second = await refresh(server, first['refresh_token'])
    expect(audienceOf(second)).toEqual([API])
    allowed.pop()
    expect((await refresh(server, second['refresh_token']))['error']).toBe('invalid_target')
    allowed.push(API, FILES)
    expect(audienceOf(await refresh(server, second['refresh_token']))).toEqual([API, FILES])
  })

  it.each([
    ['device', { scope: 'openid' }],
    ['password', { scope: 'openid' }],
  ])('are refused at the refresh of a grant without any: %s', async (grant, params) => {
    const { server } = await testServer({ features: [device()], grants: [password(), refreshToken()] })
    const client = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }
    let tokens: Record<string, string>
    if (grant === 'password') {
      const request = { grant_type: 'password', username: 'alice', password: 'wonderland', ...params, ...client }
      tokens = await json(await server.fetch(tokenRequest(request)))
    } else {
      const started = await json(await post(server, '/device_authorization', { ...params, ...client }))
      const browser = testBrowser(server)
      const path = `/oauth/device?user_code=${started['user_code'] ?? ''}`
      const url = ISSUER + path.slice('/oauth'.length)
      const consent = await asPage(
        await browser.submit(await asPage(await browser.get(path), url), {
          action: 'sign-in',
          username: 'alice',
          password: 'wonderland',
        }),
        url,
      )
      await browser.submit(consent, { action: 'consent' })
      const grantType = 'urn:ietf:params:oauth:grant-type:device_code'
      tokens = await json(
        await server.fetch(tokenRequest({ grant_type: grantType, device_code: started['device_code'] ?? '', ...client })),
      )
    }
    expect(tokens['refresh_token']).toBeDefined()
    const refused = await refresh(server, tokens['refresh_token'], { ...client, resource: API })
    expect(refused['error']).toBe('invalid_target')
    expect((await refresh(server, tokens['refresh_token'], { ...client, scope: 'openid profile' }))['error']).toBe(
      'invalid_scope',
    )
    const more = { ...client, authorization_details: '[{"type":"pay"}]' }
    expect((await refresh(server, tokens['refresh_token'], more))['error']).toBe('invalid_authorization_details')
  })
})
