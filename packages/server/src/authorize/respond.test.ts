import { jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { authorizePath, locationOf, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, testServer } from '../server/test-server.fixture.js'

describe('response modes', () => {
  it('send the response by form post, with a button if scripts are disabled', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const response = await browser.get(authorizePath({ response_mode: 'form_post', state: '"><x' }))
    const text = await response.text()
    expect(text).toContain('action="https://app.example/callback"')
    expect(text).toContain('value="&quot;&gt;&lt;x"')
    expect(text).toContain('<button>Continue</button>')
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'nonce-/)
  })

  it('send the response as a signed JWT (JARM, section 2.3)', async () => {
    const { server, clock } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const location = locationOf(await browser.get(authorizePath({ response_mode: 'jwt' })))
    const keys = (await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(location.searchParams.get('response') ?? '', createLocalJWKSet(keys), {
      issuer: ISSUER,
      audience: 'spa',
      currentDate: new Date(clock.now()),
    })
    expect(payload).toMatchObject({ state: 'st&te=1', code: expect.any(String) })
  })
})
