import { describe, expect, it } from 'vitest'
import { ciba } from '../features/ciba/ciba.js'
import { device } from '../features/device/device.js'
import { registration } from '../features/registration/registration.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { json } from '../server/test-browser.fixture.js'
import { ISSUER, testServer } from '../server/test-server.fixture.js'

const ENDPOINTS = ['/token', '/introspect', '/revoke', '/par', '/device_authorization', '/backchannel_authentication']
/** `fetch` itself sends an empty text as `text/plain`. */
const TYPES = [undefined, 'text/plain;charset=UTF-8', 'application/json', 'application/x-www-form-urlencoded']

async function allEndpoints(): Promise<AuthorizationServer> {
  return (await testServer({ features: [device(), ciba()] })).server
}

function empty(server: AuthorizationServer, path: string, type: string | undefined): Promise<Response> {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  return server.fetch(new Request(`${ISSUER}${path}`, { method: 'POST', headers }))
}

describe('an endpoint for clients', () => {
  for (const path of ENDPOINTS) {
    it(`responds to an empty body with 400 invalid_request: ${path}`, async () => {
      const server = await allEndpoints()
      for (const type of TYPES) {
        const response = await empty(server, path, type)
        expect([response.status, (await json(response))['error']], type).toEqual([400, 'invalid_request'])
      }
    })

    it(`refuses another media type than a form with 415: ${path}`, async () => {
      const server = await allEndpoints()
      const request = new Request(`${ISSUER}${path}`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      })
      expect((await server.fetch(request)).status).toBe(415)
    })
  }
})

describe('an endpoint for browsers', () => {
  it('treats an empty body as one without parameters, whatever its media type', async () => {
    const { server } = await testServer()
    for (const type of TYPES) {
      expect((await empty(server, '/end-session', type)).status, type).toBe(303)
      expect((await empty(server, '/authorize', type)).status, type).toBe(400)
    }
  })
})

describe('a response with the status 401', () => {
  it('always has a challenge (RFC 9110, section 15.5.2)', async () => {
    const { server } = await testServer({
      clients: clientStore(memoryStore()),
      features: [device(), ciba(), registration({ initialAccessToken: 'x' })],
    })
    const wrong = new URLSearchParams({ client_id: 'web', client_secret: 'wrong', grant_type: 'authorization_code', token: 't' })
    for (const path of ENDPOINTS) {
      const response = await server.fetch(new Request(`${ISSUER}${path}`, { method: 'POST', body: wrong }))
      expect([response.status, response.headers.get('www-authenticate')], path).toEqual([401, `Basic realm="${ISSUER}"`])
    }
    for (const [path, method] of [
      ['/userinfo', 'GET'],
      ['/register', 'POST'],
      ['/register/x', 'GET'],
    ] as const) {
      const response = await server.fetch(new Request(`${ISSUER}${path}`, { method }))
      expect([response.status, response.headers.get('www-authenticate')], path).toEqual([401, expect.stringMatching(/^Bearer /)])
    }
  })

  it('sends a Basic challenge if client authentication fails in the header, the body or an assertion', async () => {
    const { server } = await testServer()
    const bodies: readonly Record<string, string>[] = [
      { client_id: 'web', client_secret: 'wrong' },
      { client_id: 'unknown' },
      { client_assertion: 'x' },
      { scope: 'openid' },
    ]
    for (const body of bodies) {
      const form = new URLSearchParams({ grant_type: 'authorization_code', ...body })
      const response = await server.fetch(new Request(`${ISSUER}/token`, { method: 'POST', body: form }))
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, `Basic realm="${ISSUER}"`])
    }
  })
})
