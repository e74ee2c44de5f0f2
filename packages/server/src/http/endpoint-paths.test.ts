// cspell:ignore authorise
import { describe, expect, it } from 'vitest'
import { device } from '../features/device/device.js'
import { registration } from '../features/registration/registration.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { asPage, authorizePath, json, locationOf, testBrowser } from '../server/test-browser.fixture.js'
import { CHALLENGE, ISSUER, SPA, testServer, VERIFIER } from '../server/test-server.fixture.js'

describe('the option "paths"', () => {
  it('moves endpoints, in the metadata too', async () => {
    const paths = { authorize: '/login/oauth/authorize', token: '/login/oauth/access_token', device: '/activate' }
    const { server } = await testServer({ paths, features: [device()] })
    const metadata = await json(await server.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`)))
    expect(metadata).toMatchObject({
      authorization_endpoint: `${ISSUER}/login/oauth/authorize`,
      token_endpoint: `${ISSUER}/login/oauth/access_token`,
      jwks_uri: `${ISSUER}/jwks`,
    })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath().replace('/authorize', '/login/oauth/authorize')))
    const location = locationOf(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'spa',
      redirect_uri: SPA.redirectUris[0] ?? '',
      code: location.searchParams.get('code') ?? '',
      code_verifier: VERIFIER,
    })
    const send = (path: string): Promise<Response> => server.fetch(new Request(ISSUER + path, { method: 'POST', body }))
    expect((await send('/token')).status).toBe(404)
    expect(await json(await send('/login/oauth/access_token'))).toHaveProperty('access_token')
    const codes = await json(
      await server
        .fetch(
          new Request(`${ISSUER}/device_authorization`, {
            method: 'POST',
            body: new URLSearchParams({ client_id: 'spa', scope: 'openid' }),
          }),
        )
        .catch(() => new Response('{}')),
    )
    expect(codes['verification_uri']).toBe(`${ISSUER}/activate`)
    expect((await browser.get('/oauth/activate')).status).toBe(200)
    expect(CHALLENGE).toBeDefined()
  })

  it('moves an endpoint with a parameter', async () => {
    const { server } = await testServer({
      paths: { register: '/clients' },
      clients: clientStore(memoryStore()),
      features: [registration()],
    })
    const body = JSON.stringify({ redirect_uris: ['https://app.example/cb'] })
    const type = { 'content-type': 'application/json' }
    const registered = await json(await server.fetch(new Request(`${ISSUER}/clients`, { method: 'POST', body, headers: type })))
    expect(registered['registration_client_uri']).toMatch(new RegExp(`^${ISSUER}/clients/`))
    const headers = { authorization: `Bearer ${registered['registration_access_token']}` }
    expect((await server.fetch(new Request(registered['registration_client_uri'] ?? '', { headers }))).status).toBe(200)
  })

  it('refuses unknown endpoints, paths that no request reaches, and two endpoints on one path', async () => {
    const REFUSED: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ authorise: '/a' }, /Did you mean "authorize"/],
      [{ authorize: 'a' }, /^paths: "authorize"/],
      [{ authorize: '/a?b=c' }, /^paths: "authorize"/],
      [{ authorize: '/:id' }, /^paths: "authorize"/],
      [{ authorize: '/../a' }, /^paths: "authorize"/],
      [{ authorize: '' }, /^paths: "authorize"/],
      [{ authorize: '/token' }, /^paths: two endpoints/],
    ]
    for (const [paths, message] of REFUSED) await expect(testServer({ paths }), JSON.stringify(paths)).rejects.toThrow(message)
  })
})
