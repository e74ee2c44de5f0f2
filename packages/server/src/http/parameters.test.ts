import { describe, expect, it } from 'vitest'
import { registration } from '../features/registration/registration.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import type { AuditEvent } from '../options/server-hooks.js'
import { asPage, authorizePath, json, signIn, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testServer } from '../server/test-server.fixture.js'

const basic = `Basic ${btoa(`${CONFIDENTIAL.clientId}:wrong`)}`
const post = (path: string, body: string, headers: Record<string, string> = {}): Request =>
  new Request(ISSUER + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

describe('parameters of a request', () => {
  it('are treated as omitted if they are empty, even if repeated (RFC 6749, section 3.1)', async () => {
    const { server } = await testServer()
    for (const more of ['&login_hint=&login_hint=', '&scope=&scope=openid', '&nonsense=&nonsense=1']) {
      const path = authorizePath(more.includes('scope') ? { scope: undefined } : {}) + more
      expect((await testBrowser(server).get(path)).status, more).toBe(200)
    }
  })

  it('must not be repeated, at any endpoint (RFC 6749, sections 3.1 and 3.2)', async () => {
    const { server } = await testServer()
    for (const path of ['/token', '/revoke', '/introspect', '/par']) {
      const response = await server.fetch(post(path, 'client_id=spa&token=a&token=b&grant_type=x&grant_type=y'))
      expect([path, response.status, (await json(response))['error']]).toEqual([path, 400, 'invalid_request'])
    }
    const path = authorizePath({ state: undefined })
    expect((await testBrowser(server).get(`${path}&nonce=b`)).headers.get('location')).toContain('error=invalid_request')
  })

  it('must be percent-encoded UTF-8 (RFC 6749, appendix B)', async () => {
    const { server } = await testServer()
    const body = await json(await server.fetch(post('/token', 'client_id=spa&grant_type=%ff')))
    expect(body['error_description']).toContain('UTF-8')
    const browser = testBrowser(server)
    expect((await browser.get(`${authorizePath({ state: undefined })}&state=%FF`)).status).toBe(400)
    const umlauts = await signIn(browser, { state: 'a\u00e4\ufffd \u{1f600}%' })
    expect(umlauts.searchParams.get('state')).toBe('a\u00e4\ufffd \u{1f600}%')
  })
})

describe('a client that does not authenticate', () => {
  it('is in the audit log, at every endpoint', async () => {
    const events: AuditEvent[] = []
    const clients = clientStore(memoryStore())
    for (const client of [SPA, CONFIDENTIAL]) await clients.saveClient(client)
    const { server, clock } = await testServer({
      features: [registration()],
      clients,
      hooks: { onEvent: (event) => void events.push(event) },
    })
    for (const path of ['/token', '/revoke', '/introspect', '/par']) {
      await server.fetch(post(path, 'grant_type=authorization_code&code=x&token=x', { authorization: basic }))
      const clientId = CONFIDENTIAL.clientId
      const at = clock.now()
      const event = { type: 'client_authentication.failed', at, clientId, error: 'invalid_client', endpoint: path }
      expect(events.splice(0)).toEqual([event])
    }
    await server.fetch(tokenRequest({ client_id: 'unknown', client_secret: 'hunter2' }))
    await server.fetch(tokenRequest({ client_id: 'hunter2\nid', grant_type: 'hunter2' }))
    await server.fetch(tokenRequest({ client_id: 'spa', grant_type: 'hunter2' }))
    await server.fetch(new Request(`${ISSUER}/register/hunter2`, { headers: { authorization: 'Bearer hunter2' } }))
    expect(events).toMatchObject([
      { type: 'client_authentication.failed', clientId: undefined },
      { type: 'client_authentication.failed', clientId: undefined },
      { type: 'token.refused', clientId: 'spa', grantType: undefined },
      { type: 'client_authentication.failed', endpoint: '/register', clientId: undefined },
    ])
    expect(JSON.stringify(events)).not.toMatch(/hunter2|unknown/)
  })

  it('gets a challenge with a realm, however malformed its header is (RFC 7617, section 2)', async () => {
    const { server } = await testServer()
    for (const authorization of [basic, 'Basic %%%', 'Digest x']) {
      const response = await server.fetch(post('/token', 'grant_type=x', { authorization }))
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe(`Basic realm="${ISSUER}"`)
    }
  })
})

describe('a protected resource', () => {
  it('has the error in the challenge of the scheme that was used (RFC 9449, section 7.1)', async () => {
    const { server } = await testServer()
    const ask = async (authorization: string): Promise<string> => {
      const response = await server.fetch(new Request(`${ISSUER}/userinfo`, { headers: { authorization } }))
      expect(response.status).toBe(401)
      return response.headers.get('www-authenticate') ?? ''
    }
    expect(await ask('DPoP unknown')).toMatch(/^DPoP realm="[^"]*", error="invalid_token", .*algs="ES256 /)
    expect(await ask('Bearer unknown')).toMatch(/^Bearer realm="[^"]*", error="invalid_token", .*DPoP realm="[^"]*", algs=/)
  })

  it('has no error in the challenge if there was no token (RFC 6750, section 3.1)', async () => {
    const { server } = await testServer()
    const response = await server.fetch(new Request(`${ISSUER}/userinfo`))
    expect(response.status).toBe(401)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect((await asPage(response)).text + response.headers.get('www-authenticate')).not.toContain('error')
  })
})
