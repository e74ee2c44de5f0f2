import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import { digest } from '../storage/digest.js'
import { json, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const tokenOf = async (server: AuthorizationServer): Promise<string> =>
  (await json(await redeem(server, (await signIn(testBrowser(server))).searchParams.get('code') ?? '')))['access_token'] ?? ''
const ask = (server: AuthorizationServer, headers: Record<string, string>, body?: string): Promise<Response> =>
  server.fetch(new Request(`${ISSUER}/userinfo`, { headers, ...(body === undefined ? {} : { method: 'POST', body }) }))

describe('the access token at the UserInfo endpoint', () => {
  it('must be sent once, in one way (RFC 6750, sections 2 and 3.1)', async () => {
    const { server } = await testServer()
    const token = await tokenOf(server)
    const authorization = `Bearer ${token}`
    expect((await ask(server, FORM, `access_token=${token}`)).status).toBe(200)
    expect((await ask(server, { ...FORM, authorization }, 'x=1')).status).toBe(200)
    expect((await ask(server, { 'content-type': 'application/json', authorization }, '{}')).status).toBe(200)
    for (const [headers, body] of [
      [{ ...FORM, authorization }, `access_token=${token}`],
      [FORM, `access_token=${token}&access_token=${token}`],
      [FORM, `access_token=${token}&access_token=`],
    ] as const) {
      const refused = await ask(server, headers, body)
      expect([refused.status, (await json(refused))['error']]).toEqual([400, 'invalid_request'])
    }
  })

  it('is refused with the DPoP scheme if it is not bound to a key (RFC 9449, section 7.1)', async () => {
    const { server, clock } = await testServer()
    const token = await tokenOf(server)
    const dpop = await (await dpopKey(clock)).proof({ htm: 'GET', htu: `${ISSUER}/userinfo`, ath: await digest(token) })
    expect((await ask(server, { authorization: `DPoP ${token}`, dpop })).status).toBe(401)
  })
})

describe('a signed UserInfo response', () => {
  it('must not be cached', async () => {
    const { server } = await testServer({ clients: [{ ...SPA, userinfoSignedResponseAlg: 'ES256' }] })
    const response = await ask(server, { authorization: `Bearer ${await tokenOf(server)}` })
    expect(response.headers.get('content-type')).toBe('application/jwt')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})
