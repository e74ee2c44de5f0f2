import { describe, expect, it } from 'vitest'
import { explainError } from '../errors/explain-error.js'
import { checkIdToken } from './id-token.js'
import { loadServer } from './load-server.js'
import { everythingIn, failure, prepareSignIn, signIn } from './sign-in.fixture.js'
import { createContext, sharedKey, createTestServer, issuer } from './test-server.fixture.js'

const now = (): number => Math.floor(Date.now() / 1000)

describe('checkIdToken() - invariant 4: every ID token is checked', () => {
  // The ID token is checked before anything is kept.
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('accepts a token signed with %s', async (alg) => {
    //
    const { tokenSet } = await signIn({ alg })
    expect(tokenSet.claims).toMatchObject({ sub: 'user-1', iss: 'https://server.example' })
  })

  it.each([
    ['iss', 'https://other.example'],
    ['iss', undefined],
    ['sub', undefined],
    ['sub', 5],
    ['sub', ''],
    ['aud', 'client-2'],
    ['aud', undefined],
    ['aud', ['client-1', 'client-2']],
    ['azp', 'client-2'],
    ['exp', now() - 60],
    ['exp', undefined],
    ['exp', '2100'],
    ['iat', undefined],
    ['iat', now() + 3600],
    ['nbf', now() + 3600],
    ['nonce', 'another'],
    ['nonce', undefined],
    ['amr', 'pwd'],
    ['at_hash', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['auth_time', 'yesterday'],
  ])('rejects a token whose "%s" is %j', async (claim, value) => {
    // covers, B-047
    const { callback } = await prepareSignIn({ faults: { claims: { [claim]: value } } })
    expect(await failure(callback())).toMatchObject({ name: 'ValidationError', code: 'invalid_id_token' })
  })

  it('names the claim in the message and the section of the specification', async () => {
    const { callback } = await prepareSignIn({ faults: { claims: { aud: 'client-2' } } })
    const error = await failure(callback())
    expect(error.message).toContain('"aud"')
    expect(error.spec).toContain('OpenID Connect Core 1.0')
    expect(error.hint).toContain('clientId')
  })

  it('names "trustedAudiences" for a token with further audiences and no "azp", as Oracle and NetSuite send them', async () => {
    const { callback } = await prepareSignIn({ faults: { claims: { aud: ['client-1', 'client-2'] } } })
    const error = await failure(callback())
    expect(error).toMatchObject({ code: 'invalid_id_token' })
    expect(error.message).toMatch(/claim "aud" .*"trustedAudiences"/)
  })

  it('names "sub" for a token without it', async () => {
    const { callback } = await prepareSignIn({ faults: { claims: { sub: undefined } } })
    expect((await failure(callback())).message).toContain('claim "sub"')
  })

  it.each([
    ['several audiences with this client as "azp"', () => ({ aud: ['client-1', 'client-2'], azp: 'client-1' })],
    ['no "at_hash"', () => ({ at_hash: undefined })],
    ['an "exp" within the clock tolerance', () => ({ exp: now() - 20 })],
    ['an "iat" a minute ahead', () => ({ iat: now() + 60 })],
    ['a list as "amr"', () => ({ amr: ['pwd', 'otp'] })],
  ])('accepts a token with %s', async (_, claims) => {
    await expect(signIn({ faults: { claims: claims() } })).resolves.toBeDefined()
  })

  // RFC 8725, section 3.1.
  it('rejects a token without a signature', async () => {
    //
    const none = btoa('{"alg":"none"}').replace(/=+$/, '')
    const faults = { mangleIdToken: (token: string) => `${none}.${token.split('.')[1]}.` }
    const { callback } = await prepareSignIn({ faults })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('rejects a token signed with the client id as a symmetric key', async () => {
    const faults = { header: { alg: 'HS256' }, signWith: new TextEncoder().encode('client-1'.repeat(8)) }
    const { callback } = await prepareSignIn({ faults })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('rejects another algorithm than the client is registered with', async () => {
    const { callback } = await prepareSignIn({ alg: 'ES256', options: { idTokenSignedResponseAlg: 'RS256' } })
    const error = await failure(callback())
    expect(error).toMatchObject({ code: 'invalid_id_token' })
    expect(error.hint).toContain('idTokenSignedResponseAlg')
  })

  it.each(['none', 'HS256'])('refuses to be set up for %s, before the browser leaves', async (alg) => {
    const attempt = prepareSignIn({ options: { idTokenSignedResponseAlg: alg } })
    expect(await failure(attempt)).toMatchObject({ name: 'ConfigurationError', code: 'configuration' })
  })

  it.each(['none', 'HS256'])('refuses a token where it was set up for %s meanwhile', async (alg) => {
    const { context, callback } = await prepareSignIn()
    Object.assign(context.options, { idTokenSignedResponseAlg: alg })
    expect(await failure(callback())).toMatchObject({ name: 'ConfigurationError', code: 'configuration' })
  })

  it('rejects a changed payload', async () => {
    const faults = {
      mangleIdToken: (token: string) => {
        const [header, payload, signature] = token.split('.')
        const claims = atob((payload ?? '').replaceAll('-', '+').replaceAll('_', '/')).replace('user-1', 'user-2')
        return `${header}.${btoa(claims).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')}.${signature}`
      },
    }
    const { callback } = await prepareSignIn({ faults })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('rejects the signature of another key under the same "kid"', async () => {
    const other = await sharedKey('RS256', 'other')
    const { callback } = await prepareSignIn({ faults: { signWith: other.privateKey } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it.each(['not-a-jwt', 'a.b', 'e30.e30.e30', ''])('rejects "%s"', async (idToken) => {
    const { callback } = await prepareSignIn({ faults: { token: { id_token: idToken } } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('rejects a response without an ID token if "openid" was requested', async () => {
    const { callback } = await prepareSignIn({ faults: { token: { id_token: undefined } } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('checks an ID token that was not requested', async () => {
    const { callback } = await prepareSignIn({ options: { scope: 'read' }, faults: { claims: { aud: 'client-2' } } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('keeps the token out of every part of the error', async () => {
    let idToken = ''
    const faults = { claims: { aud: 'client-2' }, mangleIdToken: (token: string) => (idToken = token) }
    const { callback } = await prepareSignIn({ faults })
    const shown = everythingIn(await failure(callback()))
    expect(idToken).not.toBe('')
    expect(shown).not.toContain(idToken)
    expect(shown).not.toContain('access-token-1')
  })

  it('rejects a sign-in that is older than the requested "max_age", or without a time', async () => {
    //
    const old = await prepareSignIn({ login: { maxAge: 60 }, faults: { claims: { auth_time: now() - 600 } } })
    expect(await failure(old.callback())).toMatchObject({ code: 'invalid_id_token', hint: expect.stringContaining('maxAge') })
    const without = await prepareSignIn({ login: { maxAge: 60 }, faults: { claims: { auth_time: undefined } } })
    expect(await failure(without.callback())).toMatchObject({ code: 'invalid_id_token' })
    await expect(signIn({ login: { maxAge: 60 } })).resolves.toBeDefined()
  })

  it('demands the "acr" that the request made essential', async () => {
    const login = { params: { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['high'] } } }) } }
    const missing = await prepareSignIn({ login })
    expect(await failure(missing.callback())).toMatchObject({ code: 'invalid_id_token' })
    const low = await prepareSignIn({ login, faults: { claims: { acr: 'low' } } })
    expect(await failure(low.callback())).toMatchObject({ code: 'invalid_id_token' })
    await expect(signIn({ login, faults: { claims: { acr: 'high' } } })).resolves.toBeDefined()
    await expect(signIn({ login: { acrValues: 'high' } })).resolves.toBeDefined()
  })

  it.each([
    [{ aud: ['client-1', 'api'] }, 'claim "aud" has other audiences', '"trustedAudiences"'],
    [{ aud: ['client-1', 'api'], azp: 'client-2' }, 'claim "azp" is not this client', 'Check "azp"'],
    [{ sub: undefined }, 'claim "sub" must be a string', 'names no user'],
    [{ sub: 5 }, 'claim "sub" must be a string', 'names no user'],
  ] as const)('names the claim of %j that is wrong, and what to do', async (claims, message, hint) => {
    const { callback } = await prepareSignIn({ faults: { claims } })
    const error = await explainError(await failure(callback()), () => import('../errors/describe-error.js'))
    expect(error).toMatchObject({ code: 'invalid_id_token', hint: expect.stringContaining(hint) })
    expect(error.message).toContain(message)
  })

  it('rejects a response for another user than the request was made for', async () => {
    const { callback } = await prepareSignIn({ expectation: { expectedSubject: 'user-2' } })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
    await expect(signIn({ expectation: { expectedSubject: 'user-1' } })).resolves.toBeDefined()
  })

  it('is not harmed by claims named like members of every object', async () => {
    const claims = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}') as Record<
      string,
      unknown
    >
    const { tokenSet } = await signIn({ faults: { claims } })
    expect(tokenSet.claims?.sub).toBe('user-1')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('the keys behind ID tokens (invariant 4)', () => {
  it('are fetched again once when the server has a new key, however short ago they were fetched first', async () => {
    // covers B-045
    const { server, callback } = await prepareSignIn({ betweenRequests: (running) => running.rotateKey('key-2') })
    await callback()
    expect(server.log.filter((line) => line === 'GET /jwks')).toHaveLength(2)
  })

  it('are fetched again no more often than once a minute for unknown keys', async () => {
    let time = Date.now()
    const { server, callback } = await prepareSignIn({ clock: { now: () => time }, faults: { header: { kid: 'unknown' } } })
    const fetches = async (): Promise<number> => {
      expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
      return server.log.filter((line) => line === 'GET /jwks').length
    }
    expect([await fetches(), await fetches()]).toEqual([2, 2])
    time += 59_000
    expect(await fetches()).toBe(2)
    time += 1000
    expect(await fetches()).toBe(3)
  })

  it('are not fetched twice in a row where they had to be fetched for this very token', async () => {
    const server = await createTestServer()
    const context = createContext(server)
    const record = await loadServer(context, { keys: false })
    server.faults = { header: { kid: 'unknown' } }
    const { id_token: idToken } = (await (await server.fetch(`${issuer}/token`)).json()) as { readonly id_token: string }
    expect(await failure(checkIdToken(context, record, idToken, {}))).toMatchObject({ code: 'invalid_id_token' })
    expect(server.log.filter((line) => line === 'GET /jwks')).toHaveLength(1)
  })

  it('may be listed twice in the same words, and beside members that are no keys', async () => {
    const { publicJwk, privateKey } = await sharedKey('RS256', 'key-2')
    const keys = [publicJwk, publicJwk, 'not a key', { kty: 'oct', k: 'c2VjcmV0', kid: 'key-2' }]
    const start = { keys, header: { kid: 'key-2' }, signWith: privateKey }
    await expect(signIn({ start, faults: start })).resolves.toBeDefined()
  })

  it('must not have two keys for one "kid"', async () => {
    const [one, other] = [await sharedKey('RS256', 'key-2'), await sharedKey('RS256', 'other')]
    const start = {
      keys: [one.publicJwk, { ...other.publicJwk, kid: 'key-2' }],
      header: { kid: 'key-2' },
      signWith: one.privateKey,
    }
    const { callback } = await prepareSignIn({ start, faults: start })
    expect(await failure(callback())).toMatchObject({ code: 'invalid_id_token' })
  })

  it.each([[[]], [['no key']]])('cannot be %j', async (keys) => {
    expect(await failure(prepareSignIn({ start: { keys } }))).toMatchObject({ code: 'invalid_jwks' })
  })

  it('come from inline metadata without a request', async () => {
    const { privateKey, publicJwk } = await sharedKey('RS256', 'inline')
    const server = {
      issuer: 'https://server.example',
      authorization_endpoint: 'https://server.example/authorize',
      token_endpoint: 'https://server.example/token',
      jwks: { keys: [publicJwk as JsonWebKey] },
    }
    const arrival = await signIn({ options: { server }, faults: { signWith: privateKey, header: { kid: 'inline' } } })
    expect(arrival.server.log).toEqual(['POST /token'])
  })

  it('have to be known from somewhere, which is said before the browser leaves', async () => {
    // covers B-042, B-044
    const server = {
      issuer: 'https://server.example',
      authorization_endpoint: 'https://server.example/authorize',
      token_endpoint: 'https://server.example/token',
    }
    const error = await failure(prepareSignIn({ options: { server } }))
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'configuration' })
    expect(error.message).toContain('jwks_uri')
    await expect(prepareSignIn({ options: { server, scope: 'read' } })).resolves.toBeDefined()
  })

  it('have to be known for signed responses as well', async () => {
    // covers B-042
    const server = {
      issuer: 'https://server.example',
      authorization_endpoint: 'https://server.example/authorize',
      token_endpoint: 'https://server.example/token',
    }
    const error = await failure(prepareSignIn({ options: { server, scope: 'read', responseMode: 'jwt' } }))
    expect(error).toMatchObject({ code: 'configuration' })
  })
})
