import { generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, exportJWK, exportPKCS8, jwtVerify } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { clientSecretBasic, clientSecretJwt, clientSecretPost, privateKeyJwt } from '../client-auth.js'
import type { ClientAuthentication, ClientAuthenticationFunction } from '../protocol/client-authentication.js'
import { type Arrival, failure, prepareSignIn } from '../protocol/sign-in.fixture.js'
import { sharedKey } from '../protocol/test-server.fixture.js'

const server = { issuer: 'https://server.example', token_endpoint: 'https://server.example/token' }
const secret = 'a secret of 32 characters & more'

function tokenRequest(): Request {
  return new Request(server.token_endpoint, { method: 'POST', body: new URLSearchParams({ grant_type: 'x', code: 'a b' }) })
}

/** Both halves are form-encoded (RFC 6749, section 2.3.1). */
function decodedBasic(request: Request | undefined): string | null {
  const header = request?.headers.get('authorization')
  if (!header) return null
  const halves = atob(header.replace('Basic ', '')).split(':')
  return halves.map((half) => new URLSearchParams(`x=${half}`).get('x')).join(':')
}

async function sentBy(
  method: ClientAuthenticationFunction,
  clientId = 'client-1',
): Promise<{ request: Request; body: URLSearchParams }> {
  const request = await method(tokenRequest(), server, { clientId })
  return { request, body: new URLSearchParams(await request.clone().text()) }
}

describe('client_secret_basic', () => {
  // The example of RFC 6749, section 2.3.1
  it('sends id and secret in the header', async () => {
    //
    const { request, body } = await sentBy(clientSecretBasic('7Fjfp0ZBr1KtDRbnfVdmIw'), 's6BhdRkqt3')
    expect(request.headers.get('authorization')).toBe('Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3')
    expect(Object.fromEntries(body)).toEqual({ grant_type: 'x', code: 'a b' })
  })

  it('form-encodes both halves first (RFC 6749, Appendix B)', async () => {
    const { request } = await sentBy(clientSecretBasic('p%:+ é'), 'a:b c')
    expect(atob(request.headers.get('authorization')?.slice(6) ?? '')).toBe('a%3Ab+c:p%25%3A%2B+%C3%A9')
  })

  it('leaves them as they are for servers that do not decode', async () => {
    const { request } = await sentBy(clientSecretBasic('p+%', { rawBasic: true }), 'a:b')
    expect(atob(request.headers.get('authorization')?.slice(6) ?? '')).toBe('a:b:p+%')
  })
})

describe('a secret that is missing in production', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.resetModules()
  })

  it.each(['clientSecretBasic', 'clientSecretPost', 'clientSecretJwt'] as const)('is refused by %s', async (name) => {
    vi.stubEnv('NODE_ENV', 'production')
    vi.resetModules()
    const { [name]: create } = await import('../client-auth.js')
    for (const missing of [undefined, '']) expect(() => create(missing as string)).toThrow(name)
  })
})

describe('client_secret_post', () => {
  it('sends id and secret in the body', async () => {
    //
    const { request, body } = await sentBy(clientSecretPost(secret))
    expect(Object.fromEntries(body)).toEqual({ grant_type: 'x', code: 'a b', client_id: 'client-1', client_secret: secret })
    expect(request.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
  })
})

describe('client_secret_jwt', () => {
  it('signs with the secret', async () => {
    // covers, D-022
    const { body } = await sentBy(clientSecretJwt(secret))
    expect(body.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    const { payload, protectedHeader } = await jwtVerify(body.get('client_assertion') ?? '', new TextEncoder().encode(secret))
    expect(protectedHeader.alg).toBe('HS256')
    expect(payload).toMatchObject({ iss: 'client-1', sub: 'client-1', aud: 'https://server.example' })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60)
    expect(payload.jti).toHaveLength(36)
  })

  it('takes another algorithm, audience, lifetime, claims and header members', async () => {
    const options = { alg: 'HS512', audience: 'token_endpoint', lifetime: 5, claims: { extra: 1 }, header: { kid: 'k' } } as const
    const { body } = await sentBy(clientSecretJwt(secret.repeat(2), options))
    const { payload, protectedHeader } = await jwtVerify(
      body.get('client_assertion') ?? '',
      new TextEncoder().encode(secret.repeat(2)),
    )
    expect(protectedHeader).toEqual({ alg: 'HS512', kid: 'k' })
    expect(payload).toMatchObject({ aud: server.token_endpoint, extra: 1, exp: (payload.iat ?? 0) + 5 })
  })

  it('makes a new assertion for each request', async () => {
    const method = clientSecretJwt(secret)
    const [one, other] = [await sentBy(method), await sentBy(method)]
    expect(one.body.get('client_assertion')).not.toBe(other.body.get('client_assertion'))
  })
})

describe('private_key_jwt', () => {
  it.each(['RS256', 'ES256', 'EdDSA'])('signs with a key for %s, as CryptoKey, JWK and PEM', async (alg) => {
    //
    const { privateKey, publicJwk } = await sharedKey(alg, 'k1')
    const jwks = createLocalJWKSet({ keys: [publicJwk] })
    for (const key of [privateKey, (await exportJWK(privateKey)) as JsonWebKey, await exportPKCS8(privateKey)]) {
      const { body } = await sentBy(privateKeyJwt({ key, kid: 'k1', alg }))
      const { payload } = await jwtVerify(body.get('client_assertion') ?? '', jwks)
      expect(payload).toMatchObject({ iss: 'client-1', sub: 'client-1', aud: 'https://server.example' })
    }
  })

  it.each([2048, 4096])('reads an RSA key of %i bits as PKCS #1', async (modulusLength) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
    const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    const { body } = await sentBy(privateKeyJwt({ key }))
    await expect(jwtVerify(body.get('client_assertion') ?? '', publicKey)).resolves.toBeDefined()
  })

  it.each([
    ['ENCRYPTED PRIVATE KEY', 'MIIB'],
    ['CERTIFICATE', 'MIIB'],
    ['RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\n\nMIIB'],
  ])('refuses a PEM block "%s" with the way to convert it', async (kind, body) => {
    const key = `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`
    expect(await failure(sentBy(privateKeyJwt({ key })))).toMatchObject({
      code: 'configuration',
      hint: expect.stringContaining('openssl') as string,
    })
  })

  it('uses RS256 where nothing else is said', async () => {
    const { privateKey } = await sharedKey('RS256', 'k1')
    const { body } = await sentBy(privateKeyJwt({ key: privateKey }))
    expect(decodeProtectedHeader(body.get('client_assertion') ?? '')).toEqual({ alg: 'RS256' })
  })

  it('refuses "none"', async () => {
    const { privateKey } = await sharedKey('RS256', 'k1')
    expect(await failure(sentBy(privateKeyJwt({ key: privateKey, alg: 'none' })))).toMatchObject({ code: 'configuration' })
  })
})

describe('the option "clientAuth"', () => {
  const arrive = (clientAuth: ClientAuthentication, clientSecret?: string): Promise<Arrival> =>
    prepareSignIn({ options: { clientAuth, ...(clientSecret && { clientSecret }) } })

  it.each([
    ['client_secret_basic', `client-1:${secret}`, [null, null]],
    ['client_secret_post', null, ['client-1', secret]],
    ['none', null, ['client-1', null]],
    [undefined, null, ['client-1', null]],
  ] as const)('has three methods built in, and none as the default: %s', async (name, header, [id, sent]) => {
    // covers B-025
    const options = { ...(name && { clientAuth: name }), ...(name !== 'none' && name && { clientSecret: secret }) }
    const { server: running, callback } = await prepareSignIn({ options })
    let request: Request | undefined
    running.faults = { respond: (one) => void (request = one.url.endsWith('/token') ? one : request) as undefined }
    await callback()
    expect(decodedBasic(request)).toBe(header)
    const [body] = running.bodies
    expect([body?.get('client_id'), body?.get('client_secret')]).toEqual([id, sent])
  })

  it('registers more methods by name, such as a signed assertion with another audience', async () => {
    // covers B-023
    const options = {
      clientAuth: 'jwt_for_issuer',
      clientSecret: secret,
      clientAuthMethods: { jwt_for_issuer: clientSecretJwt(secret, { audience: 'https://server.example/' }) },
    }
    const { server: running, callback } = await prepareSignIn({ options })
    await callback()
    const assertion = running.bodies[0]?.get('client_assertion') ?? ''
    const { payload } = await jwtVerify(assertion, new TextEncoder().encode(secret))
    expect(payload).toMatchObject({ iss: 'client-1', sub: 'client-1', aud: 'https://server.example/' })
    expect(running.bodies[0]?.has('client_secret')).toBe(false)
  })

  it.each([
    ['client_secret_post', 'client_secret'],
    ['client_secret_jwt', 'client_assertion'],
  ] as const)('takes "%s" by name', async (name, parameter) => {
    const { server: running, callback } = await arrive(name, secret)
    await callback()
    expect(running.bodies[0]?.has(parameter)).toBe(true)
    expect(running.bodies[0]?.get('code')).toBe('code-1')
  })

  it('takes "client_secret_basic" by name, with no client_id in the body', async () => {
    const { server: running, callback } = await arrive('client_secret_basic', secret)
    await callback()
    expect(running.bodies[0]?.has('client_id')).toBe(false)
  })

  it('wants the secret that a name needs', async () => {
    const { callback } = await arrive('client_secret_basic')
    expect(await failure(callback())).toMatchObject({ name: 'ConfigurationError', code: 'configuration' })
  })

  it('does not know every name', async () => {
    const { callback } = await arrive('tls_client_auth' as 'none', secret)
    expect(await failure(callback())).toMatchObject({ code: 'configuration' })
  })
})
