import { describe, expect, it, vi } from 'vitest'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser, asPage } from '../../server/test-browser.fixture.js'
import { ISSUER, testServer, SPA } from '../../server/test-server.fixture.js'
import { decodeJwt, jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { post, tokensOf, verifyToken, WEB } from '../../server/test-requests.fixture.js'
import { authorizationCode } from '../../token/grants/authorization-code.js'
import { password } from '../../token/grants/password.js'

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

  it('never puts the ID token into a URL, with a session or without', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    const bob = await tokensOf(server, testBrowser(server), {})
    const body = new URLSearchParams({ id_token_hint: tokens['id_token'] ?? '', state: 's' })
    const again = locationOf(await server.fetch(new Request(`${ISSUER}/end-session`, { method: 'POST', body })))
    expect(again.href).not.toContain(tokens['id_token'])
    expect(again.href).not.toContain(tokens['id_token']?.split('.')[1])
    expect(again.searchParams.has('id_token_hint')).toBe(false)
    expect((await browser.get(again.href)).status).toBe(200)
    expect((await browser.get(authorizePath())).status).toBe(200)

    // A confirmation page, whose form would repeat the parameters in its URL.
    await signIn(browser)
    const other = { id_token_hint: bob['id_token'] ?? '', post_logout_redirect_uri: 'https://app.example/bye' }
    const page = await asPage(await browser.post('/oauth/end-session', other), `${ISSUER}/end-session`)
    expect(page.text).toContain('Sign out?')
    expect(page.text).not.toContain(bob['id_token'])
    expect(locationOf(await browser.submit(page, { action: 'sign-out' })).href).toBe('https://app.example/bye')
  })

  it('repeats no field of another name, which may be a password, in a URL', async () => {
    const { server } = await testServer()
    const body = new URLSearchParams({ pw: 'wonderland', client_id: 'spa', state: 's' })
    const again = locationOf(await server.fetch(new Request(`${ISSUER}/end-session`, { method: 'POST', body })))
    expect(again.search).toBe('?client_id=spa&state=s')
  })

  it('redirects a user who is already signed out, once', async () => {
    const { server } = await testServer()
    const body = new URLSearchParams({ client_id: 'spa', post_logout_redirect_uri: 'https://app.example/bye' })
    const again = locationOf(await server.fetch(new Request(`${ISSUER}/end-session`, { method: 'POST', body })))
    expect(locationOf(await server.fetch(new Request(again))).href).toBe('https://app.example/bye')
  })
})

describe('end session endpoint, in a frame', () => {
  it.each([
    ['cross-site', 'iframe', 400],
    ['cross-site', 'frame', 400],
    ['cross-site', 'document', 302],
    ['same-site', 'iframe', 302],
    ['same-origin', 'iframe', 302],
    [undefined, undefined, 302],
  ])('says "signed out" only where it could have seen a session: %s, %s', async (site, dest, status) => {
    const { server } = await testServer()
    const query = new URLSearchParams({ client_id: 'spa', post_logout_redirect_uri: 'https://app.example/bye', state: 's' })
    const headers = { ...(site && { 'sec-fetch-site': site }), ...(dest && { 'sec-fetch-dest': dest }) }
    const response = await server.fetch(new Request(`${ISSUER}/end-session?${query}`, { headers }))
    expect([response.status, response.headers.has('location')]).toEqual([status, status === 302])
  })
})

describe('end session endpoint', () => {
  const endPath = (params: Record<string, string>): string => `/oauth/end-session?${new URLSearchParams(params).toString()}`
  const BYE = { post_logout_redirect_uri: 'https://app.example/bye', state: 's 1' }

  it('signs out without confirmation for a client with an ID token hint, and returns the state', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    const response = await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))
    expect(response.headers.get('location')).toBe('https://app.example/bye?state=s+1')
    expect((await browser.get(authorizePath())).status).toBe(200)
    expect((await verifyToken(server, tokens['access_token'])).ok).toBe(false)
  })

  it('requires confirmation with the hint of a device or a password, which is of no session', async () => {
    const { server } = await testServer({ grants: [authorizationCode(), password()] })
    const browser = testBrowser(server)
    await signIn(browser)
    const form = { ...WEB, grant_type: 'password', username: 'alice', password: 'wonderland', scope: 'openid' }
    const { id_token: hint = '' } = await json(await post(server, '/token', form))
    expect(await (await browser.get(endPath({ id_token_hint: hint }))).text()).toContain('Sign out?')
    expect(locationOf(await browser.get(authorizePath())).searchParams.has('code')).toBe(true)
  })

  it('requires confirmation without such a hint, and with the hint of another session', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const bob = await json(
      await redeem(
        server,
        (await signIn(testBrowser(server), {}, { username: 'bob', password: 'builder' })).searchParams.get('code') ?? '',
      ),
    )
    expect((await browser.get(endPath({ ...BYE, id_token_hint: bob['id_token'] ?? '' }))).status).toBe(200)
    const path = endPath({ ...BYE, client_id: 'spa' })
    const page = await asPage(await browser.get(path), new URL(path, ISSUER).href)
    expect(page.text).toContain('Sign out?')
    expect(locationOf(await browser.submit(page, { action: 'stay' })).href).toBe('https://app.example/bye?state=s+1')
    expect((await browser.get(authorizePath())).status).toBe(302)
    expect((await browser.submit(page, { action: 'sign-out', csrf: 'x' })).status).toBe(200)
    expect((await browser.get(authorizePath())).status).toBe(302)
    expect(locationOf(await browser.submit(page, { action: 'sign-out' })).pathname).toBe('/bye')
    expect((await browser.get(authorizePath())).status).toBe(200)
  })

  it('redirects only to a registered URI', async () => {
    // covers B-050
    const { server } = await testServer()
    for (const params of [
      { post_logout_redirect_uri: 'https://evil.test/', client_id: 'spa' },
      { post_logout_redirect_uri: 'https://app.example/bye' },
      { client_id: 'unknown' },
    ])
      expect((await testBrowser(server).get(endPath(params as Record<string, string>))).status).toBe(400)

    expect(await (await testBrowser(server).get('/oauth/end-session')).text()).toContain('You are signed out')
  })

  it('keeps tokens that were granted for offline use', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser, { scope: 'openid offline_access' })
    await browser.get(endPath({ id_token_hint: tokens['id_token'] ?? '' }))
    expect((await verifyToken(server, tokens['access_token'])).ok).toBe(true)
  })

  it('notifies clients, by their server and by the browser', async () => {
    const notices: { url: string; token: string }[] = []
    const clients = [
      { ...SPA, backchannelLogoutUri: 'https://app.example/back', frontchannelLogoutUri: 'https://app.example/front?x=1' },
    ]
    const { server, clock } = await testServer({
      clients,
      fetch: async (input, init) => {
        const request = new Request(input, init)
        notices.push({ url: request.url, token: new URLSearchParams(await request.text()).get('logout_token') ?? '' })
        return new Response()
      },
    })
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    const response = await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))
    expect(notices[0]?.url).toBe('https://app.example/back')
    const { payload, protectedHeader } = await jwtVerify(
      notices[0]?.token ?? '',
      createLocalJWKSet((await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet),
      { currentDate: new Date(clock.now()) },
    )
    expect(protectedHeader.typ).toBe('logout+jwt')
    const sid = decodeJwt(tokens['id_token'] ?? '')['sid']
    expect(payload).toMatchObject({
      iss: ISSUER,
      aud: 'spa',
      sub: 'alice',
      sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(payload).not.toHaveProperty('nonce')
    const text = await response.text()
    expect(text).toContain(`https://app.example/front?x=1&amp;iss=${encodeURIComponent(ISSUER)}&amp;sid=${String(sid)}`)
    expect(text).toContain('https://app.example/bye?state=s+1')
    expect(response.headers.get('content-security-policy')).toContain('frame-src https://app.example')
    expect(text).toContain('sandbox="allow-scripts allow-same-origin"')
  })

  it('waits for no client that does not respond, and says what failed afterwards', async () => {
    const work: Promise<unknown>[] = []
    const errors: unknown[] = []
    let fail: (reason: Error) => void = () => undefined
    const { server } = await testServer({
      clients: [{ ...SPA, backchannelLogoutUri: 'https://down.example/' }],
      fetch: () => new Promise((_, reject) => void (fail = reject)),
      hooks: { waitUntil: (promise) => void work.push(promise), onError: (error) => void errors.push(error) },
    })
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    expect((await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))).status).toBe(302)
    expect((await browser.get(authorizePath({ prompt: 'none' }))).headers.get('location')).toContain('login_required')
    expect(errors).toEqual([])
    fail(new TypeError('connection refused'))
    await Promise.all(work)
    expect(work).toHaveLength(1)
    expect(errors.map(String)).toEqual([
      'ReportedError: The client "spa" could not be notified of a sign-out at its backchannelLogoutUri: connection refused',
    ])
  })

  it('logs what failed in one line, without a trace', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { server } = await testServer({
      clients: [{ ...SPA, backchannelLogoutUri: 'https://down.example/' }],
      fetch: () => Promise.resolve(new Response(null, { status: 503 })),
    })
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^latchkey: The client "spa" could not be notified.*503$/)]])
    log.mockRestore()
  })

  it('signs out even if a client does not accept its notice', async () => {
    const events: string[] = []
    const { server } = await testServer({
      clients: [{ ...SPA, backchannelLogoutUri: 'https://down.example/' }],
      fetch: () => Promise.reject(new TypeError('down')),
      hooks: { onEvent: ({ type }) => void events.push(type) },
    })
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    expect((await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))).status).toBe(302)
    expect(events).toContain('logout_notice.failed')
  })
})
