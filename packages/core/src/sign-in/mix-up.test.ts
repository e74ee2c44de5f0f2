import { describe, expect, it } from 'vitest'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { leftForSignIn, pageRedirectUri } from './fake-page.fixture.js'
import type { LoginResult } from './sign-in-options.js'

const redirectUri = 'https://app.example/cb/hostile'

/** A client of a hostile server that does not support RFC 9207. */
function hostileClient(uri = redirectUri): Promise<ClientBench> {
  return createClientBench({ redirectUri: uri }).then((bench) => {
    bench.server.faults = { metadata: { authorization_response_iss_parameter_supported: undefined } }
    return bench
  })
}

/** A request to the hostile server, and its response at another address: that of the honest server, which issued the code. */
async function mixUp(address: string, uri?: string): Promise<ClientBench & { readonly callbackUrl: string }> {
  const bench = await hostileClient(uri)
  const { state, nonce } = await createAuthorizationUrl(bench.client, { returnTo: '/orders' })
  bench.server.nonce = nonce
  const url = new URL(address, 'https://app.example')
  url.searchParams.set('code', 'code-of-the-honest-server')
  url.searchParams.set('state', state)
  return { ...bench, callbackUrl: url.href }
}

const ENTRIES: ReadonlyArray<[string, (bench: ClientBench, url: string) => Promise<LoginResult | undefined>]> = [
  ['exchange()', ({ client }, url) => exchange(client, url)],
  ['handleCallback()', ({ client }, url) => client.handleCallback(url)],
]

describe('mix-up with a redirect URI for each issuer (RFC 9700, section 4.4.2.2) - invariant 15', () => {
  it.each(ENTRIES)('sends no code to a server whose redirect URI is another one: %s', async (_entry, redeem) => {
    const bench = await mixUp('/cb/honest')
    await expect(redeem(bench, bench.callbackUrl)).rejects.toMatchObject({
      code: 'issuer_mismatch',
      spec: 'RFC 9700, section 4.4.2.2',
      returnTo: '/orders',
    })
    expect(countOf(bench.server, 'POST /token')).toBe(0)
    expect(bench.client.getSnapshot()).toMatchObject({ status: 'restoring', error: { code: 'issuer_mismatch' } })
    // The transaction is used up: the code cannot be tried again at the right address.
    const again = bench.callbackUrl.replace('/cb/honest', '/cb/hostile')
    await expect(exchange(bench.client, again)).rejects.toMatchObject({ code: 'mismatching_state' })
    expect(countOf(bench.server, 'POST /token')).toBe(0)
  })

  it('compares what a custom transport returns, too', async () => {
    const bench = await hostileClient()
    const navigate = async ({ state }: { readonly state: string }): Promise<URL> =>
      new URL(`https://app.example/cb/honest?${new URLSearchParams({ code: 'code-1', state }).toString()}`)
    const transport = { name: 'own', prepare: () => ({ navigate, cancel: () => undefined }) }
    await expect(bench.client.login({ transport })).rejects.toMatchObject({ code: 'issuer_mismatch' })
    expect(countOf(bench.server, 'POST /token')).toBe(0)
  })

  it.each([
    ['https://app.example/cb/hostile', 'http://app.example/cb/hostile'],
    ['https://app.example/cb/hostile', 'https://app.example:8443/cb/hostile'],
    ['https://app.example/cb/hostile', 'https://evil.example/cb/hostile'],
    ['https://app.example/cb/hostile', 'https://app.example/cb'],
    ['https://app.example/cb/hostile', 'https://app.example/cb/Hostile'],
    ['https://app.example/cb/hostile', 'https://app.example/cb%2Fhostile'],
    // Two issuers may have redirect URIs that differ in this only.
    ['https://app.example/cb', 'https://app.example/cb/'],
    ['https://app.example/cb/', 'https://app.example/cb'],
    ['https://app.example/cb?idp=hostile', 'https://app.example/cb/?idp=hostile'],
    ['https://app.example/cb', 'https://app.example/cb//'],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1:8080/cb/'],
    ['https://app.example/cb?idp=hostile', 'https://app.example/cb'],
    ['https://app.example/cb?idp=hostile', 'https://app.example/cb?idp=honest'],
    ['https://app.example/cb?idp=hostile', 'https://app.example/cb?idp=honest&idp=hostile'],
  ])('refuses for %s a response at %s', async (uri, address) => {
    const { client, callbackUrl, server } = await mixUp(address, uri)
    await expect(exchange(client, callbackUrl)).rejects.toMatchObject({ code: 'issuer_mismatch' })
    expect(countOf(server, 'POST /token')).toBe(0)
  })

  it.each([
    ['https://app.example/cb', 'https://app.example/cb?session_state=x&unknown=y'],
    ['https://app.example/cb?idp=hostile', 'https://app.example/cb?idp=hostile&unknown=y'],
    // A URL without a path has one.
    ['https://app.example', 'https://app.example/'],
    // Windows adds the slash; browsers differ in the case of the host (RFC 8252, section 7.1).
    ['com.example.app://callback', 'com.example.app://callback/'],
    ['com.example.app://Callback', 'com.example.app://callback'],
    ['com.example.app:/callback', 'com.example.app:/callback'],
  ])('accepts for %s a response at %s', async (uri, address) => {
    const { client, callbackUrl } = await mixUp(address, uri)
    expect(await exchange(client, callbackUrl)).toMatchObject({ returnTo: '/orders' })
  })
})

describe('a response at the redirect URI but for the slash at its end - invariant 15', () => {
  /** What the web server of the app does with a request to the redirect URI. */
  const SERVERS: ReadonlyArray<[string, (redirectUri: string) => string | undefined, 'accepts' | 'refuses']> = [
    ['redirects it there', (uri) => `${uri}/`, 'accepts'],
    ['redirects it there with a query', (uri) => `${uri}/?from=server`, 'accepts'],
    ['serves it', (uri) => uri, 'refuses'],
    ['redirects it elsewhere', () => 'https://app.example/login', 'refuses'],
    ['redirects it to another origin', () => 'https://other.example/cb/', 'refuses'],
    ['does not respond', () => undefined, 'refuses'],
  ]

  it.each(SERVERS)('in a page whose web server %s', async (_what, target, outcome) => {
    const { bench, open, state } = await leftForSignIn({ scope: 'profile' })
    const { server } = bench
    const seen: Request[] = []
    server.faults = {
      token: { id_token: undefined },
      respond(request) {
        if (new URL(request.url).origin !== 'https://app.example') return undefined
        seen.push(request)
        const url = target(request.url)
        return url === undefined ? Response.error() : Object.defineProperty(new Response(), 'url', { value: url })
      },
    }
    const { client } = await open(`/cb/?code=SECRET&state=${state}&iss=${encodeURIComponent(issuer)}`)
    expect(client.getSnapshot()).toMatchObject(
      outcome === 'accepts' ? { status: 'signed-in' } : { status: 'signed-out', error: { code: 'issuer_mismatch' } },
    )
    expect(seen.map(({ method, url }) => [method, url])).toEqual([['HEAD', pageRedirectUri]])
    expect(countOf(server, 'POST /token')).toBe(outcome === 'accepts' ? 1 : 0)
  })

  it('asks no web server about any other address', async () => {
    const { bench, open, state } = await leftForSignIn()
    const { client } = await open(`/cb/x?code=SECRET&state=${state}`)
    expect(client.getSnapshot()).toMatchObject({ error: { code: 'issuer_mismatch' } })
    expect(bench.server.log.filter((entry) => entry.startsWith('HEAD'))).toEqual([])
  })
})

describe('a callback address', () => {
  it('may be relative: without a page it is resolved against the redirect URI', async () => {
    for (const [, redeem] of ENTRIES) {
      const bench = await mixUp('/cb/hostile')
      const { pathname, search } = new URL(bench.callbackUrl)
      expect(bench.client.isCallback(pathname + search)).toBe(true)
      expect(await redeem(bench, pathname + search)).toMatchObject({ returnTo: '/orders' })
    }
  })

  it.each(ENTRIES)('that cannot be parsed rejects and never throws: %s', async (_entry, redeem) => {
    const bench = await hostileClient()
    const rejected = redeem(bench, 'https://[')
    await expect(rejected).rejects.toMatchObject({ name: 'ConfigurationError', code: 'configuration' })
    expect(bench.client.isCallback('https://[')).toBe(false)
  })
})

describe('an address with our own state that is no response', () => {
  it.each(['', 'response_type=code&client_id=client-1&'])(
    'is refused with a hint at the navigation fallback, its query beginning with "%s"',
    async (query) => {
      const bench = await hostileClient()
      const { state, nonce } = await createAuthorizationUrl(bench.client)
      bench.server.nonce = nonce
      const request = `https://app.example/authorize?${query}state=${state}`
      expect(bench.client.isCallback(request)).toBe(false)
      for (const [, redeem] of ENTRIES) {
        await expect(redeem(bench, request)).rejects.toMatchObject({
          code: 'missing_code',
          hint: expect.stringContaining('service worker') as string,
        })
      }
      // The request is still open.
      const { origin } = new URL(redirectUri)
      expect(await exchange(bench.client, `${origin}/cb/hostile?code=code-1&state=${state}`)).toBeDefined()
    },
  )
})

describe('exchange() of a state that no request has', () => {
  it('throws even if a user is signed in, and changes nothing for that user', async () => {
    const { client } = await createClientBench()
    await client.login()
    const before = client.getSnapshot()
    const errors: unknown[] = []
    client.on('error', (event) => errors.push(event))
    const forged = 'https://app.example/?code=code-1&state=forged'
    await expect(exchange(client, forged)).rejects.toMatchObject({ code: 'mismatching_state' })
    expect(client.getSnapshot()).toBe(before)
    expect(errors).toEqual([])
    expect(await client.handleCallback(forged)).toBeUndefined()
  })
})
