import { describe, expect, it } from 'vitest'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../../server/test-browser.fixture.js'
import { ISSUER, testServer } from '../../server/test-server.fixture.js'

describe('end session endpoint, called by a form of another site', () => {
  it('signs out too: it redirects to a GET, which includes the cookie (RP-Initiated Logout 1.0, section 2)', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const code = (await signIn(browser)).searchParams.get('code') ?? ''
    const { id_token: hint = '' } = await json(await redeem(server, code))
    const body = new URLSearchParams({
      id_token_hint: hint,
      post_logout_redirect_uri: 'https://app.example/bye',
      state: 'a&b',
    })
    // SameSite=Lax: a POST from another site contains no cookie.
    const first = await server.fetch(new Request(`${ISSUER}/end-session`, { method: 'POST', body }))
    expect(first.status).toBe(303)
    const again = locationOf(first)
    expect(again.href.startsWith(`${ISSUER}/end-session?`)).toBe(true)
    const left = locationOf(await browser.get(again.href))
    expect([left.href, left.searchParams.get('state')]).toEqual(['https://app.example/bye?state=a%26b', 'a&b'])
    expect((await browser.get(authorizePath())).status).toBe(200)
  })

  it('redirects a user who is already signed out, once', async () => {
    const { server } = await testServer()
    const body = new URLSearchParams({ client_id: 'spa', post_logout_redirect_uri: 'https://app.example/bye' })
    const again = locationOf(await server.fetch(new Request(`${ISSUER}/end-session`, { method: 'POST', body })))
    expect(locationOf(await server.fetch(new Request(again))).href).toBe('https://app.example/bye')
  })
})
