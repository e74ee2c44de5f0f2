import { calculateJwkThumbprint, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { memory } from '../storage/memory.js'
import { dpopThumbprint, endDPoPKey, fetchWithProof } from './dpop.js'
import { refreshTokenSet } from './refresh-grant.js'
import { failure, prepareSignIn, signIn } from './sign-in.fixture.js'
import { createContext, createTestServer, issuer, type TestServer } from './test-server.fixture.js'
import { fetchUserInfo } from './userinfo.js'

interface Proof {
  readonly claims: JWTPayload & { readonly htm?: string; readonly htu?: string; readonly ath?: string; readonly nonce?: string }
  readonly jwk: JWK
}

/** Checks a proof as a server does. @see RFC 9449, section 4.3 */
async function readProof(request: Request): Promise<Proof> {
  const proof = request.headers.get('dpop') ?? ''
  const { alg, jwk, typ } = decodeProtectedHeader(proof)
  expect(typ).toBe('dpop+jwt')
  expect(jwk).not.toHaveProperty('d')
  const { payload } = await jwtVerify(proof, await importJWK(jwk as JWK, alg ?? ''))
  return { claims: payload, jwk: jwk as JWK }
}

/** A server that gives tokens bound to a key; with `nonce` it wants one in each proof. */
function boundTokens(proofs: Proof[], nonce?: string): TestServer['faults'] {
  return {
    token: { token_type: 'DPoP' },
    respond: async (request) => {
      if (!request.headers.has('dpop')) return undefined

      const proof = await readProof(request)
      proofs.push(proof)
      const isEnough = nonce === undefined || proof.claims.nonce === nonce
      const atToken = new URL(request.url).pathname === '/token'
      const headers = { 'dpop-nonce': nonce ?? '', ...(!atToken && { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }) }
      return isEnough ? undefined : Response.json({ error: 'use_dpop_nonce' }, { status: atToken ? 400 : 401, headers })
    },
  }
}

describe('DPoP at the token endpoint', () => {
  it('sends a proof of the key whose thumbprint the request named (RFC 9449 §10)', async () => {
    const proofs: Proof[] = []
    const { url, tokenSet } = await signIn({ options: { dpop: true }, faults: boundTokens(proofs) })
    expect(tokenSet.tokenType).toBe('DPoP')
    expect(proofs[0]?.claims).toMatchObject({ htm: 'POST', htu: `${issuer}/token` })
    expect(await calculateJwkThumbprint(proofs[0]?.jwk ?? {})).toBe(url.searchParams.get('dpop_jkt'))
  })

  it('tries once more with the nonce that the server wants, for the code and for refresh (RFC 9449 §8)', async () => {
    const proofs: Proof[] = []
    const { server, context, tokenSet } = await signIn({ options: { dpop: true }, faults: boundTokens(proofs, 'nonce-1') })
    expect(proofs.map(({ claims }) => claims.nonce)).toEqual([undefined, 'nonce-1'])
    server.faults = boundTokens(proofs, 'nonce-2')
    await refreshTokenSet(context, tokenSet, {})
    expect(proofs.slice(2).map(({ claims }) => claims.nonce)).toEqual(['nonce-1', 'nonce-2'])
  })

  it('does not go round in circles when no nonce will do', async () => {
    const { server, callback } = await prepareSignIn({
      options: { dpop: true },
      faults: {
        respond: () =>
          Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': String(Math.random()) } }),
      },
    })
    expect(await failure(callback())).toMatchObject({ code: 'token_error', error: 'use_dpop_nonce' })
    expect(server.log.filter((line) => line === 'POST /token')).toHaveLength(2)
  })

  it('takes a Bearer token where the server binds none, and no DPoP token unless it is on', async () => {
    await expect(signIn({ options: { dpop: true } })).resolves.toMatchObject({ tokenSet: { tokenType: 'Bearer' } })
    const { callback } = await prepareSignIn({ faults: { token: { token_type: 'DPoP' } } })
    expect(await failure(callback())).toMatchObject({ code: 'unsupported_token_type' })
  })

  it('signs with another algorithm where one is named', async () => {
    const proofs: Proof[] = []
    await signIn({ options: { dpop: { alg: 'RS256' } }, faults: boundTokens(proofs) })
    expect(proofs[0]?.jwk.kty).toBe('RSA')
  })

  it("dates proofs by the server's clock", async () => {
    const proofs: Proof[] = []
    const clock = { now: () => Date.now() + 7_200_000, offsetSeconds: -7200 }
    await signIn({ options: { dpop: true }, faults: boundTokens(proofs), clock })
    expect(Math.abs((proofs[0]?.claims.iat ?? 0) - Date.now() / 1000)).toBeLessThan(5)
  })
})

describe('DPoP at resources', () => {
  it('proves the token at UserInfo, with the nonce that it wants', async () => {
    const proofs: Proof[] = []
    const { server, context, tokenSet } = await signIn({ options: { dpop: true }, faults: boundTokens(proofs) })
    server.faults = boundTokens(proofs, 'nonce-1')
    proofs.length = 0
    await expect(fetchUserInfo(context, tokenSet, {})).resolves.toMatchObject({ sub: 'user-1' })
    expect(proofs.map(({ claims }) => [claims.htm, claims.htu, claims.nonce])).toEqual([
      ['GET', `${issuer}/userinfo`, undefined],
      ['GET', `${issuer}/userinfo`, 'nonce-1'],
    ])
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('access-token-1'))
    expect(proofs[0]?.claims.ath).toBe(Buffer.from(digest).toString('base64url'))
  })

  it('sends body and headers along, and once more after a nonce', async () => {
    const context = createContext(await createTestServer(), { dpop: true })
    const seen: string[] = []
    const transmit = async (request: Request): Promise<Response> => {
      const { claims } = await readProof(request)
      seen.push(
        `${request.headers.get('authorization')} ${request.headers.get('x-mine')} ${await request.text()} ${claims.nonce}`,
      )
      return claims.nonce
        ? new Response('done')
        : new Response(null, { status: 401, headers: { 'dpop-nonce': 'n', 'www-authenticate': 'DPoP error="use_dpop_nonce"' } })
    }
    const request = new Request('https://api.example/things?a=1', { method: 'POST', body: 'body', headers: { 'x-mine': 'yes' } })
    const response = await fetchWithProof(context, { accessToken: 'bound', tokenType: 'DPoP' }, request, transmit)
    expect(await response.text()).toBe('done')
    expect(seen).toEqual(['DPoP bound yes body undefined', 'DPoP bound yes body n'])
  })

  it.each(['error', 'Error', 'algs="ES256", error'])(
    'reads a challenge in other spellings: %s (RFC 9110 §11.2)',
    async (name) => {
      const context = createContext(await createTestServer(), { dpop: true })
      for (const value of ['=use_dpop_nonce', '  =  "use_dpop_nonce"', '="use\\_dpop_nonce"']) {
        let sent = 0
        const headers = { 'www-authenticate': `DPoP ${name}${value}`, 'dpop-nonce': 'n' }
        const transmit = async (): Promise<Response> =>
          ++sent > 1 ? new Response('done') : new Response(null, { status: 401, headers })
        const token = { accessToken: 'bound', tokenType: 'DPoP' }
        expect(await (await fetchWithProof(context, token, new Request('https://api.example/'), transmit)).text()).toBe('done')
      }
    },
  )

  it.each([
    'DPoP Error="use_dpop_nonce"',
    'DPoP error  =  "use_dpop_nonce"',
    'DPoP error="use\\_dpop_nonce"',
    'Bearer realm="a", DPoP algs="ES256", error=use_dpop_nonce',
  ])('sends the request again with the nonce for %s (RFC 9110, section 11.2)', async (challenge) => {
    const context = createContext(await createTestServer(), { dpop: true })
    let sent = 0
    const transmit = async (): Promise<Response> =>
      sent++
        ? new Response('done')
        : new Response(null, { status: 401, headers: { 'www-authenticate': challenge, 'dpop-nonce': 'n' } })
    const request = new Request('https://api.example/')
    const response = await fetchWithProof(context, { accessToken: 'bound', tokenType: 'DPoP' }, request, transmit)
    expect([sent, await response.text()]).toEqual([2, 'done'])
  })

  it.each([
    ['DPoP error="invalid_token"', {}],
    // The nonce for the next request; it is not what this one was refused for.
    ['DPoP error="invalid_token"', { 'dpop-nonce': 'n' }],
    ['DPoP error="invalid_token", error_description="use_dpop_nonce is not it"', { 'dpop-nonce': 'n' }],
  ])('leaves %s to the caller, with %j and sent once (RFC 9449 §9)', async (challenge, headers) => {
    const context = createContext(await createTestServer(), { dpop: true })
    let sent = 0
    const transmit = async (): Promise<Response> => {
      sent++
      return new Response(null, { status: 401, headers: { 'www-authenticate': challenge, ...headers } })
    }
    const response = await fetchWithProof(
      context,
      { accessToken: 'bound', tokenType: 'DPoP' },
      new Request('https://api.example/'),
      transmit,
    )
    expect([response.status, sent]).toEqual([401, 1])
  })

  it('accepts a nonce if the browser cannot read the challenge (no CORS for WWW-Authenticate)', async () => {
    const context = createContext(await createTestServer(), { dpop: true })
    let sent = 0
    const transmit = async (): Promise<Response> =>
      ++sent > 1 ? new Response('done') : new Response(null, { status: 401, headers: { 'dpop-nonce': 'n' } })
    const request = new Request('https://api.example/')
    const response = await fetchWithProof(context, { accessToken: 'bound', tokenType: 'DPoP' }, request, transmit)
    expect(await response.text()).toBe('done')
  })
})

describe('the key of DPoP', () => {
  it('stays the same over a reload where the storage keeps keys, and cannot be exported', async () => {
    const storage = memory()
    const server = await createTestServer()
    const load = (): Promise<string> =>
      dpopThumbprint({ ...createContext(server, { dpop: true }), keyStore: { storage, prefix: 'p' } })
    expect(await load()).toBe(await load())
    const [name] = await storage.keys('p/')
    const { privateKey } = (await storage.get(name ?? '')) as CryptoKeyPair
    expect(privateKey.extractable).toBe(false)
  })

  it('ends with the session: the next one has another key, in memory and in the storage', async () => {
    const storage = memory()
    const context = { ...createContext(await createTestServer(), { dpop: true }), keyStore: { storage, prefix: 'p' } }
    const first = await dpopThumbprint(context)
    const ended = endDPoPKey(context, true)
    // A sign-in that does not wait for the deletion.
    const second = await dpopThumbprint(context)
    await ended
    expect(second).not.toBe(first)
    expect(await storage.keys('p/')).toHaveLength(1)
    await endDPoPKey(context, false)
    expect(await dpopThumbprint(context)).toBe(second)
  })

  it('is the same for all who ask at once', async () => {
    const context = createContext(await createTestServer(), { dpop: true })
    const [one, other] = await Promise.all([dpopThumbprint(context), dpopThumbprint(context)])
    expect(one).toBe(other)
  })
})
