import { registration } from '../features/registration/registration.js'
import { describe, expect, it } from 'vitest'
import { hybrid } from '../token/grants/hybrid.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { implicit } from '../token/grants/implicit.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { authorizePath, locationOf, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'

const answerOf = (location: URL): URLSearchParams => new URLSearchParams(location.hash.slice(1) || location.search)

describe('a response type (RFC 6749, section 3.1.1)', () => {
  it('has the same meaning in any order of its words, also in the client’s registration', async () => {
    const clients = [{ ...SPA, responseTypes: ['code token id_token'] }]
    const { server } = await testServer({ grants: [hybrid()], clients })
    for (const response_type of ['code id_token token', 'token id_token code'])
      expect(answerOf(await signIn(testBrowser(server), { response_type })).has('code'), response_type).toBe(true)

    const other = locationOf(await testBrowser(server).get(authorizePath({ response_type: 'code token' })))
    expect(answerOf(other).get('error')).toBe('unauthorized_client')
  })

  it('can be registered in any order', async () => {
    const { server } = await testServer({
      grants: [hybrid()],
      clients: clientStore(memoryStore()),
      features: [registration({ responseTypes: ['code token'] })],
    })
    const register = (...response_types: string[]): Promise<Response> =>
      server.fetch(
        new Request(`${ISSUER}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ redirect_uris: SPA.redirectUris, response_types }),
        }),
      )
    expect((await register('token code')).status).toBe(201)
    expect((await register('token')).status).toBe(400)
  })

  it('issues no bearer token to a client whose tokens are bound to keys (RFC 9449, section 5.2)', async () => {
    const clients = [{ ...SPA, dpopBoundAccessTokens: true }]
    const { server } = await testServer({ grants: [authorizationCode(), implicit(), hybrid()], clients })
    for (const response_type of ['token', 'id_token token', 'code token']) {
      const location = locationOf(await testBrowser(server).get(authorizePath({ response_type })))
      expect(answerOf(location).get('error'), response_type).toBe('unauthorized_client')
    }
    expect(answerOf(await signIn(testBrowser(server), { response_type: 'id_token' })).has('id_token')).toBe(true)
  })

  it('that requests an ID token needs "openid" in the scope (OpenID Connect Core 1.0, section 3.1.2.1)', async () => {
    const { server } = await testServer({ grants: [implicit()] })
    const location = locationOf(await testBrowser(server).get(authorizePath({ response_type: 'id_token', scope: 'email' })))
    expect(answerOf(location).get('error')).toBe('invalid_scope')
  })
})
