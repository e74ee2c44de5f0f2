import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser, tokenRequest } from '../../server/test-browser.fixture.js'
import { testServer } from '../../server/test-server.fixture.js'
import { jwtGenerator } from '../jwt-generator.js'

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

  it('limit one access token if the authorization had no limit', async () => {
    const { server } = await testServer({ tokens: jwtGenerator({ audience: 'https://everything.example/' }) })
    const first = await json(await redeem(server, await codeFor(server, []), { resource: API }))
    expect(audienceOf(first)).toEqual([API])
    expect(audienceOf(await refresh(server, first['refresh_token']))).toBe('https://everything.example/')
  })
})
