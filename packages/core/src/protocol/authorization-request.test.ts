import { describe, expect, it } from 'vitest'
import { createAuthorizationRequest } from './authorization-request.js'
import type { ProtocolContext } from './protocol-context.js'
import type { AuthorizationRequest } from './unfinished-request.js'
import type { AuthorizationParameters, ProtocolOptions } from './protocol-options.js'
import { failure } from './sign-in.fixture.js'
import { createContext, createTestServer, metadata, redirectUri } from './test-server.fixture.js'

async function request(
  options: Partial<ProtocolOptions> = {},
  login: AuthorizationParameters = {},
): Promise<AuthorizationRequest> {
  const context = createContext(await createTestServer(), { server: metadata, ...options })
  return createAuthorizationRequest(context, { parameters: login, state: 'state-1', redirectUri })
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))
  return Buffer.from(digest).toString('base64url')
}

describe('createAuthorizationRequest()', () => {
  it('sends the parameters in the order of the specification, form-encoded', async () => {
    //
    const { url } = await request({ scope: 'openid user:email' })
    expect(url.href).toMatch(
      /^https:\/\/server\.example\/authorize\?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fapp\.example%2F&scope=openid\+user%3Aemail&state=state-1&nonce=/,
    )
  })

  it('keeps any state from request to response', async () => {
    //
    const context = createContext(await createTestServer(), { server: metadata })
    const state = 'a b+c&d=é%20'
    const { url } = await createAuthorizationRequest(context, { parameters: {}, state, redirectUri })
    expect(new URL(url.href).searchParams.get('state')).toBe(state)
  })

  it("keeps the endpoint's own query", async () => {
    //
    const server = { ...metadata, authorization_endpoint: 'https://server.example/authorize?tenant=one' }
    const { url } = await request({ server })
    expect(url.search).toMatch(/^\?tenant=one&response_type=code&/)
  })

  it("expects and checks what the endpoint's own query requests", async () => {
    const requesting = (query: string): Promise<AuthorizationRequest> =>
      request({ server: { ...metadata, authorization_endpoint: `https://server.example/authorize?${query}` } })
    expect((await requesting('max_age=60&acr_values=gold')).expectation).toMatchObject({ maxAge: 60, acrValues: 'gold' })
    expect(await failure(requesting('response_mode=form_post'))).toMatchObject({ code: 'unsupported' })
  })

  it('refuses before the sign-in what the token request could not send', async () => {
    expect(await failure(request({ tokenParams: { client_id: 'other' } }))).toMatchObject({ code: 'configuration' })
  })

  it.each([{}, { prompt: 'login' }])(
    'is not built if the keys cannot be fetched, or there is no token endpoint: %j',
    async (login) => {
      const server = await createTestServer()
      server.faults = { respond: ({ url }) => (url.endsWith('/jwks') ? new Response(null, { status: 500 }) : undefined) }
      const build = (context: ProtocolContext): Promise<AuthorizationRequest> =>
        createAuthorizationRequest(context, { parameters: login, state: 'state-1', redirectUri })
      expect(await failure(build(createContext(server, { server: metadata })))).toMatchObject({ code: 'server_error' })
      server.faults = {}
      const without = createContext(server, { server: { ...metadata, token_endpoint: undefined } })
      expect(await failure(build(without))).toMatchObject({ code: 'configuration' })
    },
  )

  it('sends the nonce of the caller, and expects it', async () => {
    const { url, expectation } = await request({}, { nonce: 'n-1' })
    expect([url.searchParams.getAll('nonce'), expectation.nonce]).toEqual([['n-1'], 'n-1'])
  })

  it('binds the code by PKCE with S256', async () => {
    // covers, B-037
    const { url, expectation } = await request()
    expect(expectation.codeVerifier).toMatch(/^[\w~.-]{43}$/)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(url.searchParams.get('code_challenge')).toBe(await challengeOf(expectation.codeVerifier ?? ''))
  })

  it.each(['code', 'code id_token', 'code token', 'code id_token token'] as const)('uses PKCE for "%s"', async (responseType) => {
    //
    const { url } = await request({ responseType, server: { ...metadata, response_types_supported: [responseType] } })
    expect(url.searchParams.has('code_challenge')).toBe(true)
  })

  it.each(['token', 'id_token', 'id_token token', 'none'] as const)('has no PKCE for "%s"', async (responseType) => {
    //
    const { url, expectation } = await request({
      responseType,
      server: { ...metadata, response_types_supported: [responseType] },
    })
    expect(url.searchParams.has('code_challenge')).toBe(false)
    expect(expectation.codeVerifier).toBeUndefined()
  })

  it('sends a nonce whenever "openid" is in the scope, and remembers it', async () => {
    // covers, B-048
    const { url, expectation } = await request()
    expect(expectation.nonce).toMatch(/^[\w-]{43}$/)
    expect(url.searchParams.get('nonce')).toBe(expectation.nonce)
    const plain = await request({ scope: 'read' })
    expect(plain.url.searchParams.has('nonce')).toBe(false)
    expect(plain.expectation.nonce).toBeUndefined()
  })

  it('makes a new nonce and verifier for each request', async () => {
    const [one, other] = [await request(), await request()]
    expect(one.expectation.nonce).not.toBe(other.expectation.nonce)
    expect(one.expectation.codeVerifier).not.toBe(other.expectation.codeVerifier)
  })

  it("adds the client's parameters, calling functions, and lets those of this sign-in win", async () => {
    // covers, B-009
    const options = { params: { site: 'one', tries: () => 2, flag: true, gone: 'x', list: ['a', 'b'] } }
    const { url } = await request(options, { params: { site: 'two', gone: null, left: undefined } })
    const query = url.searchParams
    expect([query.get('site'), query.get('tries'), query.get('flag')]).toEqual(['two', '2', 'true'])
    expect(query.getAll('list')).toEqual(['a', 'b'])
    expect([query.has('gone'), query.has('left')]).toEqual([false, false])
  })

  it('sends the options of a sign-in by their own names', async () => {
    const login = {
      prompt: 'login',
      loginHint: 'ada@example.com',
      maxAge: 0,
      acrValues: 'high',
      uiLocales: 'de en',
      idTokenHint: 'hint',
      resources: ['https://api.example/', 'https://other.example/'],
    }
    const { url, expectation } = await request({}, login)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      prompt: 'login',
      login_hint: 'ada@example.com',
      max_age: '0',
      acr_values: 'high',
      ui_locales: 'de en',
      id_token_hint: 'hint',
    })
    expect(url.searchParams.getAll('resource')).toEqual(login.resources)
    expect(expectation).toMatchObject({ maxAge: 0, acrValues: 'high', resources: login.resources })
  })

  it('requests the resource indicators of its resources, each once', async () => {
    const resources = [
      'https://free.example/',
      { url: 'https://api.example/a', resource: 'urn:api' },
      { url: 'https://api.example/b', resource: 'urn:api' },
    ]
    const { url } = await request({ resources })
    expect(url.searchParams.getAll('resource')).toEqual(['urn:api'])
  })

  it('requests each word of the scope once, as one string', async () => {
    //
    const { url } = await request({ scope: '  openid  profile openid ' })
    expect(url.searchParams.get('scope')).toBe('openid profile')
    const list = await request({ scope: ['openid', 'profile email', 'openid'] })
    expect(list.url.searchParams.getAll('scope')).toEqual(['openid profile email'])
    const ofSignIn = await request({ scope: 'openid' }, { scope: ['openid', 'email'] })
    expect(ofSignIn.url.searchParams.getAll('scope')).toEqual(['openid email'])
  })

  it('remembers what the compliance hook made of the request', async () => {
    const compliance = {
      authorizationRequest: (url: URL) => {
        url.searchParams.set('scope', 'openid hooked')
        url.searchParams.delete('nonce')
        return url
      },
    }
    const { expectation } = await request({ compliance })
    expect(expectation.scope).toBe('openid hooked')
    expect(expectation.nonce).toBeUndefined()
  })

  it('refuses a compliance hook that changes "state"', async () => {
    const compliance = { authorizationRequest: () => new URL('https://server.example/authorize?state=other') }
    expect(await failure(request({ compliance }))).toMatchObject({ code: 'configuration' })
  })

  it.each(['state', 'nonce', 'code_challenge', 'client_id', 'redirect_uri'])(
    'refuses "%s" among the parameters',
    async (name) => {
      expect(await failure(request({ params: { [name]: 'x' } }))).toMatchObject({ code: 'configuration' })
      expect(await failure(request({}, { params: { [name]: 'x' } }))).toMatchObject({ code: 'configuration' })
    },
  )

  it.each([
    ['response type', { responseType: 'token' }, {}],
    ['response mode', { responseMode: 'fragment' }, { response_modes_supported: ['query'] }],
    ['PKCE method', {}, { code_challenge_methods_supported: ['plain'] }],
    ['prompt', { params: { prompt: 'create' } }, { prompt_values_supported: ['none', 'login'] }],
  ] as const)('says so when the server lacks the %s', async (what, options, server) => {
    const error = await failure(request({ ...options, server: { ...metadata, ...server } }))
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'unsupported' })
    expect(error.message).toContain(what)
  })

  it('takes response types as sets of words', async () => {
    const server = { ...metadata, response_types_supported: ['id_token code'] }
    await expect(request({ responseType: 'code id_token', server })).resolves.toBeDefined()
  })

  it.each([
    ['form_post', 'OAuth 2.0 Form Post Response Mode, section 2', 'posted to a server'],
    ['web_message', 'OAuth 2.0 Web Message Response Mode (draft-sakimura-oauth-wmrm-01)', 'live opener'],
  ] as const)('says why "%s" is not taken, and where it is specified', async (responseMode, spec, reason) => {
    // covers B-020
    const error = await failure(request({ responseMode }))
    expect(error).toMatchObject({ code: 'unsupported', spec })
    expect(error.hint).toContain(reason)
  })

  it('does not say of "web_message" that a browser could not use it', async () => {
    expect((await failure(request({ responseMode: 'web_message' }))).message).not.toContain('browser')
  })

  it.each(['http://server.example/authorize', 'javascript:alert(1)', 'not a url', undefined])(
    'refuses "%s" as authorization endpoint',
    async (endpoint) => {
      const server = { ...metadata, authorization_endpoint: endpoint as string }
      expect(await failure(request({ server }))).toMatchObject({ code: 'configuration' })
    },
  )
})
