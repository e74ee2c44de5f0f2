import { describe, expect, it } from 'vitest'
import { createAuthorizationUrl, exchange } from './authorization-url.js'
import { countOf, createClientBench } from './client.fixture.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'

// RFC 7636, appendix B
const vector = {
  verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
}

const callback = (state: string): URL =>
  new URL(`${redirectUri}?${new URLSearchParams({ code: 'code-1', state, iss: issuer }).toString()}`)

describe('createAuthorizationUrl()', () => {
  it('returns the URL, the state, the verifier and the nonce, parameters in the usual order', async () => {
    //
    const { client } = await createClientBench()
    const { url, state, codeVerifier, nonce } = await createAuthorizationUrl(client)
    expect([...url.searchParams.keys()].slice(0, 5)).toEqual(['response_type', 'client_id', 'redirect_uri', 'scope', 'state'])
    expect(url.searchParams.get('state')).toBe(state)
    expect(url.searchParams.get('nonce')).toBe(nonce)
    expect(codeVerifier).toMatch(/^[\w-]{43}$/)
  })

  it('uses a given state and verifier as they are', async () => {
    //
    const { client } = await createClientBench()
    const { url, state, codeVerifier } = await createAuthorizationUrl(client, {
      state: 'täst state',
      codeVerifier: vector.verifier,
    })
    expect([state, codeVerifier]).toEqual(['täst state', vector.verifier])
    expect(url.searchParams.get('code_challenge')).toBe(vector.challenge)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  })

  it.each(['short', 'a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(42)}+`])('refuses the verifier %j', async (codeVerifier) => {
    //
    const { client } = await createClientBench()
    await expect(createAuthorizationUrl(client, { codeVerifier })).rejects.toMatchObject({ code: 'configuration' })
  })

  it.each(['https://evil.example/x', '//evil.example', '/.//evil.example', 'orders'])(
    'refuses the return address %s, as login() does',
    async (returnTo) => {
      const { client, server } = await createClientBench()
      await expect(createAuthorizationUrl(client, { returnTo })).rejects.toMatchObject({ code: 'invalid_return_to' })
      await expect(client.login({ returnTo })).rejects.toMatchObject({ code: 'invalid_return_to' })
      expect(server.log).toEqual([])
    },
  )

  it('normalizes the return address, as login() does', async () => {
    const { client, server } = await createClientBench()
    const { state, nonce } = await createAuthorizationUrl(client, { returnTo: '/a/../orders' })
    server.nonce = nonce
    expect(await exchange(client, callback(state))).toMatchObject({ returnTo: '/orders' })
    expect(await client.login({ returnTo: '/a/../orders' })).toMatchObject({ returnTo: '/orders' })
  })

  it('requires a client of this library', async () => {
    await expect(createAuthorizationUrl({ options: { issuer, clientId: 'a' } })).rejects.toMatchObject({ code: 'configuration' })
  })
})

describe('a custom state', () => {
  it.each(['mine', 'with spaces & "signs" ü'])('is known again by handleCallback() too: %s', async (state) => {
    //
    const { client, server } = await createClientBench()
    const { nonce, url } = await createAuthorizationUrl(client, { state, returnTo: '/orders' })
    expect(url.searchParams.get('state')).toBe(state)
    server.nonce = nonce
    expect(await client.handleCallback(callback(state))).toMatchObject({ returnTo: '/orders' })
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(await client.handleCallback(callback(state))).toBeUndefined()
    expect(countOf(server, 'POST /token')).toBe(1)
  })
})

describe('exchange()', () => {
  it('makes the session from the callback URL', async () => {
    //
    const { client, server } = await createClientBench()
    const { state, nonce, codeVerifier } = await createAuthorizationUrl(client, { returnTo: '/orders' })
    server.nonce = nonce
    const result = await exchange(client, callback(state))
    expect(result).toMatchObject({ returnTo: '/orders', tokenSet: { accessToken: 'access-token-1' } })
    expect(server.bodies.at(-1)?.get('code_verifier')).toBe(codeVerifier)
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('refuses a response with another state before any request is sent', async () => {
    //
    const { client, server } = await createClientBench()
    await createAuthorizationUrl(client)
    await expect(exchange(client, callback('forged'))).rejects.toMatchObject({ code: 'mismatching_state' })
    expect(countOf(server, 'POST /token')).toBe(0)
  })

  it('forgets a request after ten minutes', async () => {
    // covers A-030, B-016
    const { client, server, advance } = await createClientBench()
    const { state, nonce } = await createAuthorizationUrl(client)
    server.nonce = nonce
    advance(10 * 60 * 1000)
    await expect(exchange(client, callback(state))).rejects.toMatchObject({ code: 'mismatching_state' })
  })
})
