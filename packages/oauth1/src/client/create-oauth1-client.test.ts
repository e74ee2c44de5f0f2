// cspell:ignore MQLJFG Secrett
import { memory, OAuthClientError } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createOAuth1Client } from './create-oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

const PROVIDER = 'https://provider.example'
const CALLBACK = 'https://app.example/ready'
const CONFIRMED = 'oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true'

/** A client of a provider whose responses the test chooses. */
function clientOf(respond: (request: Request) => Response | Promise<Response>, options: Partial<OAuth1ClientOptions> = {}) {
  return createOAuth1Client({
    consumerKey: 'photos',
    consumerSecret: 'printer secret',
    temporaryCredentialsUrl: `${PROVIDER}/initiate`,
    authorizationUrl: `${PROVIDER}/authorize?locale=en`,
    tokenCredentialsUrl: `${PROVIDER}/token`,
    callbackUrl: CALLBACK,
    resources: ['https://api.example/'],
    storage: memory(),
    fetch: async (input, init) => respond(new Request(input, init)),
    ...options,
  })
}

const answering = (text: string, status = 200) => clientOf(() => new Response(text, { status }))

describe('a response to a request for credentials', () => {
  it('is read as a form or as JSON', async () => {
    for (const text of [CONFIRMED, `${CONFIRMED}\n`, JSON.stringify(Object.fromEntries(new URLSearchParams(CONFIRMED)))])
      expect(await answering(text).temporaryCredentials()).toMatchObject({ token: 't', tokenSecret: 's' })
  })

  it('that refuses has status and the provider’s own words in its error', async () => {
    // covers D-017
    const refused = answering('error=invalid_signature&error_description=wrong+secret', 401).temporaryCredentials()
    await expect(refused).rejects.toMatchObject({
      code: 'token_error',
      status: 401,
      error: 'invalid_signature',
      errorDescription: 'wrong secret',
    })
    const problem = answering('oauth_problem=timestamp_refused', 400).temporaryCredentials()
    await expect(problem).rejects.toMatchObject({ code: 'token_error', error: 'timestamp_refused' })
    await expect(answering('busy', 503).temporaryCredentials()).rejects.toMatchObject({ code: 'server_error', retryable: true })
    await expect(answering('slow down', 429).temporaryCredentials()).rejects.toMatchObject({ code: 'rate_limited' })
  })

  it('that cannot be read, or has no token, is refused', async () => {
    // covers D-018
    for (const text of ['', '<html></html>', '{"oauth_token":', 'oauth_token=&oauth_token_secret=s'])
      await expect(answering(text).temporaryCredentials()).rejects.toMatchObject({ code: 'invalid_response' })
  })

  it('without a confirmed callback is refused: it is that of OAuth 1.0 without the revision A', async () => {
    // covers D-005
    const unconfirmed = answering('oauth_token=t&oauth_token_secret=s').temporaryCredentials()
    await expect(unconfirmed).rejects.toMatchObject({ code: 'invalid_response', spec: 'RFC 5849, section 2.1' })
  })

  it('shows no secret in its error', async () => {
    const echo = clientOf(
      async (request) =>
        new Response(
          new URLSearchParams({
            error: 'bad',
            error_description: `got printer secret and ${request.headers.get('authorization')}`,
          }),
          { status: 400 },
        ),
    )
    const error = await echo.temporaryCredentials().catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(OAuthClientError)
    expect(JSON.stringify(error) + String(error)).not.toContain('printer secret')
  })

  it('is not followed if it is a redirect', async () => {
    const redirect = answering('', 302).temporaryCredentials()
    await expect(redirect).rejects.toMatchObject({ code: 'invalid_response' })
  })
})

describe('the authorization URL', () => {
  it('adds the token, and parameters of the provider', () => {
    // covers D-006
    const url = answering('').authorizationUrl({ token: 'a b' }, { name: 'My app', oauth_callback: CALLBACK })
    expect(Object.fromEntries(url.searchParams)).toEqual({
      locale: 'en',
      oauth_token: 'a b',
      name: 'My app',
      oauth_callback: CALLBACK,
    })
  })
})

describe('a callback', () => {
  /** Signs in with a callback URL that a test makes of the right one. */
  async function signIn(change: (url: URL) => URL | undefined, options: Partial<OAuth1ClientOptions> = {}) {
    const requests: string[] = []
    const client = clientOf(
      (request) => {
        requests.push(new URL(request.url).pathname)
        const header = decodeURIComponent(request.headers.get('authorization') ?? '')
        callback = new URL(/oauth_callback="([^"]*)"/.exec(header)?.[1] ?? callback)
        return new Response(CONFIRMED)
      },
      {
        ...options,
        transport: { name: 'test', prepare: () => ({ navigate: async () => change(answer()), cancel: () => undefined }) },
      },
    )
    let callback = new URL(CALLBACK)
    const answer = (): URL => {
      const url = new URL(callback)
      url.searchParams.set('oauth_token', 't')
      url.searchParams.set('oauth_verifier', 'v')
      return url
    }
    const outcome = await client.login({ returnTo: '/albums' }).catch((error: unknown) => error)
    return { outcome, requests }
  }
  const withParameter = (name: string, value: string | null) => (url: URL) => {
    if (value === null) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
    return url
  }

  it('signs in with its token and verifier', async () => {
    // covers D-007
    const { outcome, requests } = await signIn((url) => url)
    expect(outcome).toMatchObject({ tokenSet: { accessToken: 't' }, returnTo: '/albums' })
    expect(requests).toEqual(['/initiate', '/token'])
  })

  it('without a "state" signs in too, at a provider that compares the whole callback URL', async () => {
    const { outcome } = await signIn((url) => url, { callbackState: false })
    expect(outcome).toMatchObject({ tokenSet: { accessToken: 't' } })
  })

  it.each([
    ['another token', withParameter('oauth_token', 'other'), 'mismatching_state'],
    ['another state', withParameter('state', 'lk.x.o.1'), 'mismatching_state'],
    ['no state', withParameter('state', null), 'mismatching_state'],
    ['another address', (url: URL) => new URL(url.href.replace('/ready', '/other')), 'mismatching_state'],
    ['no verifier', withParameter('oauth_verifier', null), 'missing_code'],
    ['a denial', withParameter('error', 'access_denied'), 'authorization_error'],
    ['a problem', withParameter('oauth_problem', 'permission_denied'), 'authorization_error'],
  ] as const)('with %s sends nothing', async (_name, change, code) => {
    const { outcome, requests } = await signIn(change)
    expect(outcome).toMatchObject({ code })
    expect(requests).toEqual(['/initiate'])
  })

  it('of Twitter, that names the token "denied", is a denial', async () => {
    const { outcome } = await signIn((url) => {
      for (const name of ['oauth_token', 'oauth_verifier']) url.searchParams.delete(name)
      return withParameter('denied', 't')(url)
    })
    expect(outcome).toMatchObject({ code: 'authorization_error', error: 'access_denied', returnTo: '/albums' })
  })
})

describe('options', () => {
  it.each([
    [{ consumerKey: '' }, '"consumerKey" is missing'],
    [{ consumerSecrett: 's' }, 'Did you mean "consumerSecret"?'],
    [{ signatureMethod: 'HMAC-SHA-1' }, 'Did you mean "HMAC-SHA1"?'],
    [{ signatureMethod: 'RSA-SHA1' }, 'needs "privateKey"'],
    [{ placement: 'headers' }, 'Did you mean "header"?'],
    [{ realm: 'a"b' }, '"realm" has a quote'],
    [{ tokenCredentialsUrl: 'http://provider.example/token' }, 'not an https URL'],
    [{ authorizationUrl: '/authorize' }, 'not a URL'],
  ])('%j is refused', (options, message) => {
    // covers D-002, D-010
    expect(() => clientOf(() => new Response(), options as object)).toThrow(message)
  })

  it('a token without its identifier is refused', () => {
    // covers D-019
    expect(() => clientOf(() => new Response(), { token: { token: '', tokenSecret: 's' } })).toThrow(
      expect.objectContaining({ code: 'missing_token' }) as Error,
    )
  })

  it('"fetch" and "timeout" are the host’s own', async () => {
    // covers D-003
    const hanging = clientOf(() => new Promise(() => undefined), { timeout: 0.01 })
    await expect(hanging.temporaryCredentials()).rejects.toMatchObject({ code: 'timeout' })
  })

  it('"proxy" gets the signed request, whose signature is that of the original address', async () => {
    const seen: string[] = []
    const client = clientOf(
      (request) => {
        seen.push(request.url)
        return new Response(CONFIRMED)
      },
      { proxy: (url) => `https://app.example/proxy/${url.host}${url.pathname}` },
    )
    await client.temporaryCredentials()
    expect(seen).toEqual(['https://app.example/proxy/provider.example/initiate'])
  })

  it('PLAINTEXT is not sent over http', async () => {
    const client = clientOf(() => new Response(), {
      signatureMethod: 'PLAINTEXT',
      token: { token: 't', tokenSecret: 's' },
      resources: ['http://api.example/'],
      allowPlainHttp: true,
    })
    await expect(client.fetch('http://api.example/')).rejects.toMatchObject({ code: 'configuration' })
  })
})

describe('the last step', () => {
  const temporary = { token: 'temporary-token', tokenSecret: 's' }

  it('keeps the session if "userInfo" fails, and shows the error', async () => {
    const errors: unknown[] = []
    const client = clientOf(() => new Response(CONFIRMED), {
      userInfo: async () => {
        throw new Error('503')
      },
    })
    client.on('error', ({ error }) => errors.push(error))
    expect(await client.tokenCredentials(temporary, 'v')).toMatchObject({ accessToken: 't' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: {}, error: { code: 'unexpected' } })
    expect(errors).toMatchObject([{ code: 'unexpected' }])
  })

  it.each(['verifier123XYZ', '4711', 'a&b c=d/e'])('shows no verifier in its error: %s', async (verifier) => {
    const words = `wrong ${verifier} or ${encodeURIComponent(verifier)}`
    const text = new URLSearchParams({ error: 'bad', error_description: words }).toString()
    const error = await answering(text, 400)
      .tokenCredentials(temporary, verifier)
      .catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'token_error', hint: expect.stringContaining('verifier') as string })
    const shown = JSON.stringify(error) + String(error)
    expect(shown).not.toContain(verifier)
    expect(shown).not.toContain(encodeURIComponent(verifier))
  })

  it('takes a verifier as it was typed, with spaces around it or as a number', async () => {
    const sent: string[] = []
    const client = clientOf((request) => {
      sent.push(/oauth_verifier="([^"]*)"/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '')
      return new Response(CONFIRMED)
    })
    await client.tokenCredentials(temporary, ' MQLJFG\n')
    await client.tokenCredentials(temporary, 4711 as never)
    expect(sent).toEqual(['MQLJFG', '4711'])
    await expect(client.tokenCredentials(temporary, ' ')).rejects.toMatchObject({ code: 'missing_code' })
    await expect(client.tokenCredentials(undefined as never, 'v')).rejects.toMatchObject({ code: 'missing_token' })
  })

  it.each([
    '{"oauth_token":null,"oauth_token_secret":"s"}',
    '{"oauth_token":{"a":1},"oauth_token_secret":"s"}',
    'oauth_token=a&oauth_token=b&oauth_token_secret=s',
    'oauth_token=a',
  ])('refuses a response without one token and its secret: %s', async (text) => {
    await expect(answering(text).tokenCredentials(temporary, 'v')).rejects.toMatchObject({ code: 'invalid_response' })
  })

  it('names the option or argument that cannot be signed with', async () => {
    const client = clientOf(() => new Response(CONFIRMED), { signatureMethod: 'RSA-SHA1', privateKey: 'garbage' })
    const own = answering('').temporaryCredentials({ parameters: { oauth_callback: 'x' } })
    for (const outcome of await Promise.allSettled([client.temporaryCredentials(), own])) {
      const reason = outcome.status === 'rejected' ? (outcome.reason as OAuthClientError) : undefined
      expect(reason).toMatchObject({ code: 'configuration' })
      expect(reason?.hint).not.toContain('compliance')
    }
  })
})

describe('the option "proxy"', () => {
  const token = { token: 't', tokenSecret: 's' }

  it('keeps what the caller set, and is used for requests without a token as well', async () => {
    const sent: Request[] = []
    const client = clientOf(
      (request) => {
        sent.push(request)
        return new Response()
      },
      { token, proxy: (url) => `https://app.example/proxy/${url.host}` },
    )
    const init = { keepalive: true, referrerPolicy: 'no-referrer', cache: 'no-store' } as const
    await client.fetch('https://api.example/', init)
    await client.fetch('https://api.example/', { withholdToken: true })
    // In Node 24, a copy of a request loses its referrer policy.
    const { referrerPolicy } = new Request(new Request('https://api.example/', init))
    expect(sent[0]).toMatchObject({ ...init, referrerPolicy })
    expect(sent.map(({ url }) => url)).toEqual(['https://app.example/proxy/api.example', 'https://app.example/proxy/api.example'])
  })

  it.each([() => 'http://evil.example/', () => undefined as never])(
    'is refused for http with PLAINTEXT, and without a URL',
    async (proxy) => {
      const client = clientOf(() => new Response(), { token, proxy, signatureMethod: 'PLAINTEXT' })
      await expect(client.fetch('https://api.example/')).rejects.toMatchObject({ code: 'configuration' })
    },
  )
})

describe('a redirect of a signed request', () => {
  const token = { token: 'token-value', tokenSecret: 'secret-value' }
  const form = { method: 'POST', body: new URLSearchParams({ a: '1' }) }
  /** @returns the `redirect` of the request, and its result */
  async function redirected(options: Partial<OAuth1ClientOptions>, init?: RequestInit) {
    const sent: Request[] = []
    const client = clientOf(
      (request) => {
        sent.push(request)
        return new Response(null, { status: 307, headers: { location: 'https://evil.example/' } })
      },
      { token, ...options },
    )
    const outcome = await client.fetch('https://api.example/x', init).catch((error: unknown) => error)
    return { redirect: sent.map((request) => request.redirect), outcome }
  }

  it.each([
    ['body', 'HMAC-SHA1', form],
    ['query', 'HMAC-SHA1', undefined],
    ['query', 'PLAINTEXT', undefined],
    ['body', 'PLAINTEXT', form],
    ['body', 'PLAINTEXT', undefined],
    ['header', 'PLAINTEXT', undefined],
  ] as const)('with the credentials in %s by %s is refused', async (placement, signatureMethod, init) => {
    const { redirect, outcome } = await redirected({ placement, signatureMethod }, init)
    expect(redirect).toEqual(['manual'])
    expect(outcome).toMatchObject({ code: 'invalid_response', status: 307 })
    expect(String(outcome)).not.toMatch(/token-value|secret-value/)
  })

  it('is followed with a header, which "fetch" does not send to another origin, and is the caller’s own if it says so', async () => {
    expect(await redirected({})).toMatchObject({ redirect: ['follow'] })
    const { redirect, outcome } = await redirected({ placement: 'query' }, { redirect: 'manual' })
    expect(redirect).toEqual(['manual'])
    expect(outcome).toBeInstanceOf(Response)
  })
})

describe('the placement "body"', () => {
  it.each([
    ['GET', {}],
    ['JSON', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
    ['FormData', { method: 'POST', body: new FormData() }],
  ] as const)('of a request without a place in its body (%s) is the header', async (_name, init) => {
    let sent: Request | undefined
    const client = clientOf(
      (request) => {
        sent = request
        return new Response()
      },
      { token: { token: 't', tokenSecret: 's' }, placement: 'body', realm: 'photos' },
    )
    await client.fetch('https://api.example/', init)
    expect(sent?.headers.get('authorization')).toMatch(/^OAuth realm="photos", oauth_consumer_key="photos"/)
  })

  it('signs in with a function "userInfo" that sends a GET', async () => {
    const client = clientOf(() => new Response(CONFIRMED), {
      placement: 'body',
      userInfo: async (fetch) => ({ sub: String((await fetch('https://api.example/me')).status) }),
    })
    const tokenSet = await client.tokenCredentials({ token: 't', tokenSecret: 's' }, 'v')
    expect(tokenSet.claims).toMatchObject({ sub: '200' })
  })
})

describe('a request', () => {
  it('is not sent if the user signs out while it is signed', async () => {
    const sent: string[] = []
    const client = clientOf(
      (request) => {
        sent.push(new URL(request.url).host)
        return new Response(CONFIRMED)
      },
      { transport: { name: 'test', prepare: () => ({ navigate: async () => undefined, cancel: () => undefined }) } },
    )
    await client.tokenCredentials({ token: 't', tokenSecret: 's' }, 'v')
    const call = client.fetch('https://api.example/')
    await client.logout()
    await expect(call).rejects.toMatchObject({ code: 'missing_token' })
    expect(sent).toEqual(['provider.example'])
  })

  it('rejects with what "fetch" throws for a network failure', async () => {
    const failure = new TypeError('network')
    const client = clientOf(() => Promise.reject(failure), { token: null })
    await expect(client.fetch('https://api.example/')).rejects.toBe(failure)
  })

  it('has no token that could be used without a signature, and nothing to refresh, revoke or introspect', async () => {
    const client = clientOf(() => new Response())
    for (const call of [client.getAccessToken(), client.refresh(), client.revoke(), client.introspect()])
      await expect(call).rejects.toMatchObject({ code: 'unsupported' })
  })
})
