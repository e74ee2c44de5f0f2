import { describe, expect, it } from 'vitest'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { implicit } from '../token/grants/implicit.js'
import { asPage, authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testServer } from '../server/test-server.fixture.js'

const get = async (params: Readonly<Record<string, string | undefined>>, options = {}): Promise<Response> =>
  testBrowser((await testServer(options)).server).get(authorizePath(params))

describe('authorization endpoint: errors that must not be sent by redirect', () => {
  const REDIRECT_TRICKS = [
    'https://app.example/callback/',
    'https://app.example/callback?x=1',
    'https://app.example/callback#f',
    'https://app.example/Callback',
    'https://app.example:443/callback',
    'https://app.example.evil.test/callback',
    'https://user@app.example/callback',
    'https://evil.test/?https://app.example/callback',
    'http://app.example/callback',
    'https://app.example/callback/../callback',
    'javascript:alert(1)',
    'https://app.example/call%62ack',
  ]
  for (const redirectUri of REDIRECT_TRICKS) {
    it(`shows an error page for the redirect URI ${redirectUri}`, async () => {
      // covers C-015
      const response = await get({ redirect_uri: redirectUri })
      expect(response.status).toBe(400)
      expect(response.headers.get('location')).toBeNull()
      expect(await response.text()).toContain('invalid_request')
    })
  }

  it('shows an error page for an unknown client and for none', async () => {
    // covers C-016
    expect((await get({ client_id: 'unknown' })).status).toBe(400)
    expect((await get({ client_id: undefined })).status).toBe(400)
  })

  it('shows an error page for a request_uri that was not pushed', async () => {
    expect((await get({ request_uri: 'https://evil.test/x', redirect_uri: undefined })).status).toBe(400)
    expect((await get({ request_uri: 'https://evil.test/x', redirect_uri: 'https://evil.test/cb' })).status).toBe(400)
  })

  it('shows an error page for a repeated client_id or redirect_uri', async () => {
    // covers C-086
    const { server } = await testServer()
    const browser = testBrowser(server)
    expect((await browser.get(`${authorizePath()}&client_id=web`)).status).toBe(400)
    expect((await browser.get(`${authorizePath()}&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback`)).status).toBe(400)
  })

  it('uses the only registered redirect URI if none is sent, and none of several', async () => {
    // covers C-015
    expect((await get({ redirect_uri: undefined })).status).toBe(200)
    const clients = [{ ...SPA, redirectUris: ['https://a.example/', 'https://b.example/'] }]
    expect((await get({ redirect_uri: undefined }, { clients })).status).toBe(400)
  })

  it('lets native clients, and no others, choose the port on loopback (RFC 8252, section 7.3)', async () => {
    const native = { ...SPA, applicationType: 'native' as const, redirectUris: ['http://127.0.0.1/cb', 'http://[::1]/cb'] }
    const redirects = async (redirect_uri: string, client: typeof SPA): Promise<number> =>
      (await get({ redirect_uri }, { clients: [client] })).status
    expect(await redirects('http://127.0.0.1:49152/cb', native)).toBe(200)
    expect(await redirects('http://[::1]:49152/cb', native)).toBe(200)
    expect(await redirects('http://127.0.0.1:49152/other', native)).toBe(400)
    expect(await redirects('http://localhost:49152/cb', native)).toBe(400)
    expect(await redirects('http://127.0.0.1:1@evil.test/cb', native)).toBe(400)
    expect(await redirects('http://127.0.0.1:49152/cb', { ...native, applicationType: 'web' })).toBe(400)
  })
})

describe('authorization endpoint: errors that are sent to the client', () => {
  const RULES: readonly (readonly [title: string, params: Readonly<Record<string, string | undefined>>, error: string])[] = [
    ['a response type that no grant serves', { response_type: 'code magic' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['an unknown response mode', { response_mode: 'pigeon' }, 'invalid_request'],
    ['an invalid request object', { request: 'eyJ' }, 'invalid_request_object'],
    ['an unregistered request_uri', { request_uri: 'https://evil.test/x' }, 'invalid_request_uri'],
    ['a request object beside a reference to one', { request: 'eyJ', request_uri: 'https://evil.test/x' }, 'invalid_request'],
    ['details of an unknown type', { authorization_details: '[{"type":"x"}]' }, 'invalid_authorization_details'],
    ['a public client without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['PKCE plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without its method, which means plain', { code_challenge_method: undefined }, 'invalid_request'],
    ['a challenge that is too short', { code_challenge: 'short' }, 'invalid_request'],
    ['a challenge of another alphabet', { code_challenge: '+'.repeat(43) }, 'invalid_request'],
    ['prompt none with another', { prompt: 'none login' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'dance' }, 'invalid_request'],
    ['prompt none without a session', { prompt: 'none' }, 'login_required'],
    ['a max_age that is no number', { max_age: '-1' }, 'invalid_request'],
    ['claims that are no JSON', { claims: '{' }, 'invalid_request'],
    ['claims that are no object', { claims: '[]' }, 'invalid_request'],
    ['a resource with a fragment', { resource: 'https://api.example/#x' }, 'invalid_target'],
    ['a hint that is no ID token', { id_token_hint: 'x.y.z' }, 'invalid_request'],
    ['a dpop_jkt that is no thumbprint', { dpop_jkt: 'x' }, 'invalid_request'],
    ['scopes with two spaces between them', { scope: 'openid  email' }, 'invalid_scope'],
    ['scopes with a quote in them', { scope: 'openid "x"' }, 'invalid_scope'],
    ['no scope where there is no default', { scope: undefined }, 'invalid_scope'],
    ['no scope that exists', { scope: 'fly' }, 'invalid_scope'],
  ]
  for (const [title, params, error] of RULES) {
    it(`responds to ${title} with ${error}`, async () => {
      // covers C-006, C-007, C-021, C-029, C-046, C-047, C-048
      const response = await get(params)
      const location = locationOf(response)
      expect(response.status).toBe(302)
      expect(location.origin + location.pathname).toBe('https://app.example/callback')
      expect(location.searchParams.get('error')).toBe(error)
      expect(location.searchParams.get('error_description')).toBeTruthy()
      expect(location.searchParams.get('state')).toBe('st&te=1')
      expect(location.searchParams.get('iss')).toBe(ISSUER)
    })
  }

  it('refuses a repeated parameter, and does not return a repeated state', async () => {
    // covers C-086
    const { server } = await testServer()
    const location = locationOf(await testBrowser(server).get(`${authorizePath()}&state=other`))
    expect(location.searchParams.get('error')).toBe('invalid_request')
    expect(location.searchParams.has('state')).toBe(false)
  })

  it('refuses what the client has not registered for', async () => {
    // covers C-054
    const clients = [{ ...SPA, responseTypes: ['id_token'], grantTypes: ['implicit'] }]
    expect(locationOf(await get({}, { clients })).searchParams.get('error')).toBe('unauthorized_client')
  })

  it('accepts plain PKCE if it is allowed, and requires PKCE of all clients if that is set', async () => {
    const plain = { code_challenge_method: 'plain', code_challenge: 'p'.repeat(43) }
    expect((await get(plain, { grants: [authorizationCode({ allowPlain: true })] })).status).toBe(200)
    const web = {
      client_id: 'web',
      redirect_uri: CONFIDENTIAL.redirectUris[0],
      code_challenge: undefined,
      code_challenge_method: undefined,
    }
    expect((await get(web)).status).toBe(200)
    const strict = await get(web, { grants: [authorizationCode({ requirePkce: true })] })
    expect(locationOf(strict).searchParams.get('error')).toBe('invalid_request')
  })

  it('lists the methods that it supports (RFC 9110, section 15.5.6)', async () => {
    const { server } = await testServer()
    const response = await server.fetch(new Request(new URL(authorizePath(), ISSUER), { method: 'PUT' }))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })

  it('puts errors of the implicit flow into the fragment', async () => {
    // covers C-031
    const location = locationOf(await get({ response_type: 'id_token', nonce: undefined }, { grants: [implicit()] }))
    expect(location.search).toBe('')
    expect(new URLSearchParams(location.hash.slice(1)).get('error')).toBe('invalid_request')
  })

  it('keeps the query of a registered redirect URI as it is', async () => {
    // covers C-020
    const redirectUri = 'https://app.example/cb?tenant=1&x=%2F'
    const clients = [{ ...SPA, redirectUris: [redirectUri] }]
    const response = await get({ redirect_uri: redirectUri, prompt: 'none' }, { clients })
    expect(response.headers.get('location')).toMatch(/^https:\/\/app\.example\/cb\?tenant=1&x=%2F&error=login_required/)
  })

  it('responds to an unexpected error with server_error, reports it to the host, and leaks nothing', async () => {
    // covers C-009
    const faults: unknown[] = []
    const site = {
      authenticate: () => Promise.reject(new Error('secret detail')),
      renderAuthorizationPage: () => new Response(''),
      userDeniedAccess: () => false,
    }
    const response = await get({}, { site, hooks: { onError: (error: unknown) => faults.push(error) } })
    const location = locationOf(response)
    expect(location.searchParams.get('error')).toBe('server_error')
    expect(location.href).not.toContain('secret')
    expect(String(faults[0])).toContain('secret detail')
  })
})

describe('authorization endpoint: interaction with the user', () => {
  it('keeps a user signed in, and grants prompt=none for them', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    expect(locationOf(await browser.get(authorizePath())).searchParams.has('code')).toBe(true)
    expect(locationOf(await browser.get(authorizePath({ prompt: 'none' }))).searchParams.has('code')).toBe(true)
  })

  it('requests the sign-in again for prompt=login and for one older than max_age, once', async () => {
    const { server, clock } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    clock.advance(100)
    expect((await browser.get(authorizePath({ max_age: '200' }))).status).toBe(302)
    for (const params of [{ prompt: 'login' }, { max_age: '50' }]) {
      clock.advance(100)
      const page = await asPage(await browser.get(authorizePath(params)))
      expect(page.text).toContain('Sign in')
      const submitted = await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
      expect(locationOf(submitted).searchParams.has('code')).toBe(true)
    }
  })

  it('reports a wrong password without revealing whether the user name exists', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const messages = await Promise.all(
      ['alice', 'mallory'].map(async (username) => {
        const submitted = await asPage(await browser.submit(page, { action: 'sign-in', username, password: 'wrong' }))
        expect(submitted.response.status).toBe(200)
        return /role="alert">([^<]*)/.exec(submitted.text)?.[1]
      }),
    )
    expect(messages[0]).toBeTruthy()
    expect(messages[0]).toBe(messages[1])
  })

  it('lets the user choose an account, and sign in as another', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const page = await asPage(await browser.get(authorizePath({ prompt: 'select_account' })))
    expect(page.text).toContain('Choose an account')
    expect(locationOf(await browser.submit(page, { action: 'continue' })).searchParams.has('code')).toBe(true)
    const other = await asPage(await browser.submit(page, { action: 'switch' }))
    const callback = locationOf(await browser.submit(other, { action: 'sign-in', username: 'bob', password: 'builder' }))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    const info = await server.verifyRequest(
      new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } }),
    )
    expect(info).toMatchObject({ ok: true, token: { userId: 'bob' } })
  })

  it('requests consent once for each client and scope that needs it', async () => {
    const clients = [{ ...SPA, requireConsent: true }]
    const { server } = await testServer({ clients })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const consent = await asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    expect(consent.text).toContain('See your e-mail address')
    expect(locationOf(await browser.submit(consent, { action: 'consent' })).searchParams.has('code')).toBe(true)
    expect((await browser.get(authorizePath())).status).toBe(302)
    expect((await browser.get(authorizePath({ scope: 'openid email phone' }))).status).toBe(200)
    expect(
      locationOf(await browser.get(authorizePath({ scope: 'openid phone', prompt: 'none' }))).searchParams.get('error'),
    ).toBe('consent_required')
  })

  it('sends access_denied when the user refuses', async () => {
    // covers C-031, C-073, C-074
    const { server } = await testServer({ grants: [authorizationCode(), implicit()] })
    for (const response_type of ['code', 'id_token']) {
      const browser = testBrowser(server)
      const page = await asPage(await browser.get(authorizePath({ response_type })))
      const location = locationOf(await browser.submit(page, { action: 'deny' }))
      const parameters = new URLSearchParams(response_type === 'code' ? location.search : location.hash.slice(1))
      expect(parameters.get('error')).toBe('access_denied')
    }
  })

  it('shows the sign-in page to a browser whose user is not the hinted one', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const tokens = await json(await redeem(server, (await signIn(browser)).searchParams.get('code') ?? ''))
    const other = testBrowser(server)
    await signIn(other, {}, { username: 'bob', password: 'builder' })
    const hint = { id_token_hint: tokens['id_token'] }
    expect((await browser.get(authorizePath(hint))).status).toBe(302)
    expect((await other.get(authorizePath(hint))).status).toBe(200)
    expect(locationOf(await other.get(authorizePath({ ...hint, prompt: 'none' }))).searchParams.get('error')).toBe(
      'login_required',
    )
  })

  it('accepts parameters by POST, and shows a form that posts to the same URL', async () => {
    // covers C-013, C-014
    const { server } = await testServer()
    const url = new URL(authorizePath(), ISSUER)
    const response = await server.fetch(new Request(`${ISSUER}/authorize`, { method: 'POST', body: url.searchParams }))
    const text = await response.text()
    expect(text).toContain('action="/oauth/authorize?')
    expect(text).toContain('name="csrf"')
  })

  it('responds to a form with 303, so that the password is not sent to the client (RFC 9700, section 4.12)', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    expect((await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })).status).toBe(303)
  })

  it('refuses a form of another browser, of another request, or without a token', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const values = { action: 'sign-in', username: 'alice', password: 'wonderland' }
    const stranger = testBrowser(server)
    expect((await stranger.submit(page, values)).status).toBe(200)
    const elsewhere = { ...page, text: page.text.replaceAll('state=', 'state=x') }
    expect((await browser.submit(elsewhere, values)).status).toBe(200)
    expect((await browser.submit(page, { ...values, csrf: 'x' })).status).toBe(200)
    expect(stranger.cookies.has('latchkey_5173_session')).toBe(false)
    expect((await browser.submit(page, values)).status).toBe(303)
  })

  it('accepts the forms of two tabs that opened their first page at the same time', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const pages = [authorizePath({ state: 'one' }), authorizePath({ state: 'two' })].map((path) =>
      browser.get(path).then((page) => asPage(page)),
    )
    const values = { action: 'sign-in', username: 'alice', password: 'wonderland' }
    const responses = await Promise.all((await Promise.all(pages)).map((page) => browser.submit(page, values)))
    expect(responses.map(({ status }) => status)).toEqual([303, 303])
    expect(responses.map((submitted) => locationOf(submitted).searchParams.get('state'))).toEqual(['one', 'two'])
  })

  it('issues a new session cookie at every sign-in (session fixation)', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const first = browser.cookies.get('latchkey_5173_session')
    await signIn(browser, { prompt: 'login' })
    expect(browser.cookies.get('latchkey_5173_session')).not.toBe(first)
  })

  it('sets cookies that scripts and other sites cannot use, limited to its path', async () => {
    const { server } = await testServer({ issuer: 'https://id.example/oauth' })
    const browser = testBrowser(server, 'https://id.example/oauth')
    const cookie = (await browser.get(authorizePath())).headers.getSetCookie().join()
    for (const attribute of ['__Secure-', 'HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/oauth'])
      expect(cookie).toContain(attribute)
  })
})

describe('pages', () => {
  it('are HTML, script-free, never framed, never cached, with a form that may lead to the client only', async () => {
    // covers C-087
    const response = await get({}, { crossOriginOpenerPolicy: 'same-origin' })
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self' https://app.example;")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('script-src')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    const text = await response.text()
    expect(text).toContain('<html lang="en">')
    expect(text).toContain('<main>')
    expect(text).not.toContain('<script')
  })

  it('escape all parameters that they show', async () => {
    const attack = '"><script>alert(1)</script>'
    const clients = [{ ...SPA, clientName: attack }]
    const response = await get(
      { login_hint: attack, state: attack, ui_locales: attack, nonce: attack, display: attack },
      { clients },
    )
    expect(await response.text()).not.toContain('<script')
    const error = await get({ redirect_uri: attack, client_id: attack })
    expect(await error.text()).not.toContain('<script')
  })

  it('put no parameter into a header that could split it', async () => {
    const response = await get({ prompt: 'none', state: 'a\r\nSet-Cookie: x=1' })
    expect(response.headers.get('location')).toContain('%0D%0ASet-Cookie')
    expect(response.headers.get('set-cookie')).toBeNull()
  })
})
