import { describe, expect, it } from 'vitest'
import { device } from '../features/device/device.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { asPage, authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { post, verifyToken } from '../server/test-requests.fixture.js'
import { ALICE, ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { userSite } from '../site/user-site.js'
import { memoryStore } from './memory-store.js'
import { storesOver, type Stores } from './stores.js'
import { storesOfIssuer } from './stores-of-issuer.js'

const OTHER = 'http://127.0.0.1:5173/other'
const path = (text: string): string => text.replace('/oauth/', '/other/')

/** Two servers on one store, whose users have the same names. @param change a store of the host */
async function twoServers(change = (stores: Stores): Stores => stores) {
  const stores = change(storesOver(memoryStore()))
  const clients = [{ ...SPA, requireConsent: true }]
  const options = { stores, clients, features: [device()], now: Date.now }
  const { server: first } = await testServer({ ...options, secret: new Uint8Array(32).fill(1) })
  const site = userSite({ users: [{ ...ALICE, password: 'other' }] })
  const { server: second } = await testServer({ ...options, issuer: OTHER, site, secret: new Uint8Array(32).fill(2) })
  return { first, second }
}

const ofOther = (server: AuthorizationServer, body: Readonly<Record<string, string>>): Promise<Response> =>
  server.fetch(new Request(`${OTHER}/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'spa', ...body }) }))

/** The user signs in and consents. @returns a code */
async function codeOf(server: AuthorizationServer, browser = testBrowser(server)): Promise<string> {
  const page = await asPage(await browser.get(authorizePath()))
  const answer = await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
  const isKnown = answer.headers.has('location')
  const last = isKnown ? answer : await browser.submit(await asPage(answer), { action: 'consent' })
  return locationOf(last).searchParams.get('code') ?? ''
}

describe('what one of two servers on a store has stored is unknown to the other one', () => {
  it('a session and a consent', async () => {
    const { first, second } = await twoServers()
    const browser = testBrowser(first)
    await codeOf(first, browser)
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
    const url = new URL(path(authorizePath({ prompt: 'none' })), OTHER)
    const response = await second.fetch(new Request(url, { headers: { cookie } }))
    expect(locationOf(response).searchParams.get('error')).toBe('login_required')
    const other = testBrowser(second, OTHER)
    const page = await asPage(await other.get(path(authorizePath())), OTHER)
    const next = await other.submit(page, { action: 'sign-in', username: 'alice', password: 'other' })
    expect([next.status, await next.text()]).toEqual([200, expect.stringContaining('value="consent"')])
  })

  it('nothing is unknown after a restart at another port of loopback', async () => {
    const stores = storesOver(memoryStore())
    const options = { stores, now: Date.now, secret: new Uint8Array(32).fill(1) }
    const { server: first } = await testServer({ ...options, issuer: 'http://127.0.0.1:9000/oauth' })
    const { server: second } = await testServer({ ...options, issuer: 'http://127.0.0.1:9001/oauth' })
    const browser = testBrowser(first, 'http://127.0.0.1:9000/oauth')
    await codeOf(first, browser)
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
    const url = new URL(authorizePath({ prompt: 'none' }), 'http://127.0.0.1:9001')
    const response = await second.fetch(new Request(url, { headers: { cookie } }))
    expect(locationOf(response).searchParams.has('code')).toBe(true)
  })

  it('a code, an access token and a refresh token', async () => {
    const { first, second } = await twoServers()
    const form = { grant_type: 'authorization_code', redirect_uri: SPA.redirectUris[0] ?? '', code_verifier: 'x'.repeat(43) }
    const code = await codeOf(first)
    expect((await json(await ofOther(second, { ...form, code })))['error']).toBe('invalid_grant')
    // It is not used up there.
    expect((await redeem(first, code)).status).toBe(200)
    const tokens = await json(await redeem(first, await codeOf(first)))
    expect((await verifyToken(first, tokens['access_token'])).ok).toBe(true)
    expect((await verifyToken(second, tokens['access_token'])).ok).toBe(false)
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '' }
    expect((await json(await ofOther(second, refresh)))['error']).toBe('invalid_grant')
    expect((await post(first, '/token', { client_id: 'spa', ...refresh })).status).toBe(200)
  })

  it('a device code and a pushed request', async () => {
    const { first, second } = await twoServers()
    const asked = await json(await post(first, '/device_authorization', { client_id: 'spa', scope: 'openid' }))
    const poll = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: asked['device_code'] ?? '' }
    expect((await json(await ofOther(second, poll)))['error']).toBe('invalid_grant')
    const parameters = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    const { request_uri: uri = '' } = await json(await post(first, '/par', parameters))
    const query = `?client_id=spa&request_uri=${encodeURIComponent(uri)}`
    expect((await second.fetch(new Request(`${OTHER}/authorize${query}`))).status).toBe(400)
    expect((await first.fetch(new Request(`${ISSUER}/authorize${query}`))).status).toBe(200)
  })

  it('is known to a server with the same issuer, also if a table of the host drops the issuer', async () => {
    const { first } = await twoServers(({ accessTokens, ...stores }) => ({
      ...stores,
      accessTokens: {
        ...accessTokens,
        saveToken: ({ clientId, ...record }) => {
          Reflect.deleteProperty(record, 'issuer')
          return accessTokens.saveToken({ clientId, ...record })
        },
      },
    }))
    const tokens = await json(await redeem(first, await codeOf(first)))
    const verified = await first.verifyRequest(
      new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } }),
    )
    expect(verified.ok && verified.token).not.toHaveProperty('issuer')
    expect(verified.ok).toBe(true)
  })

  it('signs in by its own password only', async () => {
    const { second } = await twoServers()
    await expect(signIn(testBrowser(second, OTHER))).rejects.toThrow()
  })
})

it('a code that the host has saved by itself is taken once', async () => {
  const stores = storesOver(memoryStore())
  const record = { clientId: 'spa', scope: [], userId: 'alice', data: {}, redirectUri: undefined, grantId: 'g-1' }
  await stores.authCodes.saveCode({ ...record, code: 'digest', expiresAt: Date.now() + 60_000 })
  const { authCodes } = storesOfIssuer(stores, ISSUER)
  expect((await authCodes.takeCode('digest')).outcome).toBe('taken')
  expect((await authCodes.takeCode('digest')).outcome).not.toBe('taken')
})
