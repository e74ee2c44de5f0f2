import { calculateJwkThumbprint, decodeProtectedHeader, type JWK } from 'jose'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createAuthorizationUrl } from '../client/authorization-url.js'
import { createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { internalsOf } from '../client/internals.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'
import { webStorage } from '../storage/web-storage.js'
import type { Transport } from './transports/transport.js'

afterEach(() => {
  sessionStorage.clear()
  localStorage.clear()
})

interface StartedSignIn {
  readonly bench: ClientBench
  /** Parameters of the authorization request. */
  readonly requested: URLSearchParams
  /** The URL that the server redirects to. */
  readonly callbackUrl: URL
  /** Creates the client of a new page, which has only what the browser stored. */
  readonly openCallbackPage: () => ReturnType<typeof createOAuthClient>
}

/** Starts a sign-in by redirect. As in a page that is navigating, its promise never settles. */
async function startRedirect(
  options: Partial<ClientOptions>,
  storage: () => NonNullable<ClientOptions['storage']>,
): Promise<StartedSignIn> {
  let request: URL | undefined
  const transport: Transport = {
    name: 'redirect',
    prepare: () => ({
      navigate({ url }) {
        request = url
        return new Promise<undefined>(() => undefined)
      },
      cancel: () => undefined,
    }),
  }
  const settings = { name: crypto.randomUUID(), redirectUri: `${location.origin}/`, transport, ...options }
  const bench = await createClientBench({ ...settings, storage: storage() })
  void bench.client.login()
  await expect.poll(() => request).toBeDefined()
  const requested = (request as URL | undefined)?.searchParams ?? new URLSearchParams()
  bench.server.nonce = requested.get('nonce') ?? undefined
  const callbackUrl = new URL(settings.redirectUri ?? '')
  callbackUrl.search = String(new URLSearchParams({ code: 'code-1', state: requested.get('state') ?? '', iss: issuer }))
  const openCallbackPage = (): ReturnType<typeof createOAuthClient> =>
    createOAuthClient({ ...bench.client.options, storage: storage() })
  return { bench, requested, callbackUrl, openCallbackPage }
}

describe('a custom state on the callback page', () => {
  /** Opens the page at this URL. */
  function open(url: string, { client }: ClientBench): ReturnType<typeof createOAuthClient> {
    const former = location.href
    history.replaceState(null, '', url)
    onTestFinished(() => history.replaceState(null, '', former))
    return createOAuthClient(client.options)
  }

  const settings = (): Partial<ClientOptions> => ({ name: crypto.randomUUID(), redirectUri: `${location.origin}/` })

  it('is that of an authorization request: signed in at the start, the address clean', async () => {
    //
    const bench = await createClientBench(settings())
    const { nonce } = await createAuthorizationUrl(bench.client, { state: 'my own', returnTo: '/orders' })
    bench.server.nonce = nonce
    const client = open(`/?${new URLSearchParams({ code: 'code-1', state: 'my own', iss: issuer })}`, bench)
    expect(client.isCallback()).toBe(true)
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    expect(location.pathname + location.search).toBe('/orders')
    await client.close()
  })

  it('is that of a sign-out: the address clean, no error and nothing reported', async () => {
    // covers B-052
    const bench = await createClientBench(settings())
    const { createSignOutUrl } = await internalsOf(bench.client).serverCalls()
    await createSignOutUrl(undefined, { state: 'bye' })
    const client = open('/?page=2&state=bye', bench)
    const ignored: unknown[] = []
    client.on('callback-ignored', (event) => ignored.push(event))
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: undefined })
    expect(location.pathname + location.search).toBe('/?page=2')
    expect(ignored).toEqual([])
    await client.close()
  })

  it('is ignored if no request used it', async () => {
    const bench = await createClientBench(settings())
    await createAuthorizationUrl(bench.client, { state: 'my own' })
    const client = open('/?code=theirs&state=theirs', bench)
    await client.start()
    expect(await client.handleCallback()).toBeUndefined()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: undefined })
    expect(location.search).toBe('?code=theirs&state=theirs')
    await client.close()
  })
})

describe('a redirect with a storage that ends with the page', () => {
  it('costs one request when the page is back: what is known of the server was carried over (invariant 13)', async () => {
    const { bench, callbackUrl, openCallbackPage } = await startRedirect({}, memory)
    bench.server.log.length = 0
    const client = openCallbackPage()
    await client.handleCallback(callbackUrl)
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(bench.server.log).toEqual(['POST /token'])
    expect(Object.keys(sessionStorage).filter((key) => /server|transaction/.test(key))).toEqual([])
  })

  it.each([
    ['memory()', memory],
    ['webStorage(localStorage)', () => webStorage(localStorage)],
  ])('proves with the key that the request named, with %s (RFC 9449, section 10)', async (_name, storage) => {
    const { bench, requested, callbackUrl, openCallbackPage } = await startRedirect({ dpop: true }, storage)
    const keys: JWK[] = []
    bench.server.faults = {
      token: { token_type: 'DPoP' },
      respond: ({ headers }) => {
        const proof = headers.get('dpop')
        if (proof !== null) keys.push(decodeProtectedHeader(proof).jwk as JWK)
        return undefined
      },
    }
    const client = openCallbackPage()
    await client.handleCallback(callbackUrl)
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(await Promise.all(keys.map((key) => calculateJwkThumbprint(key)))).toEqual([requested.get('dpop_jkt')])
  })
})
