import { calculateJwkThumbprint, decodeProtectedHeader, type JWK } from 'jose'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createAuthorizationUrl } from '../client/authorization-url.js'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { internalsOf } from '../client/internals.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { indexedDb } from '../storage/indexed-db.js'
import { memory } from '../storage/memory.js'
import { webStorage } from '../storage/web-storage.js'
import type { LoginOptions } from './sign-in-options.js'
import { blockSilentSignIn } from './block-silent-sign-in.js'
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
  login?: LoginOptions,
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
  void bench.client.login(login)
  await expect.poll(() => request).toBeDefined()
  const requested = (request as URL | undefined)?.searchParams ?? new URLSearchParams()
  bench.server.nonce = requested.get('nonce') ?? undefined
  const callbackUrl = new URL(settings.redirectUri ?? '')
  callbackUrl.search = String(new URLSearchParams({ code: 'code-1', state: requested.get('state') ?? '', iss: issuer }))
  const openCallbackPage = (): ReturnType<typeof createOAuthClient> =>
    createOAuthClient({ ...bench.client.options, storage: storage() })
  return { bench, requested, callbackUrl, openCallbackPage }
}

/** Opens the page at this URL. */
function open(url: string | URL, { client }: Pick<ClientBench, 'client'>): ReturnType<typeof createOAuthClient> {
  const former = location.href
  history.replaceState(null, '', url)
  onTestFinished(() => history.replaceState(null, '', former))
  return createOAuthClient(client.options)
}

const settings = (): Partial<ClientOptions> => ({ name: crypto.randomUUID(), redirectUri: `${location.origin}/` })

/** A redirect that the user ends with the back button, while the page is in the back/forward cache. */
const stayingRedirect: Transport = {
  name: 'redirect',
  prepare: () => ({ navigate: async () => undefined, cancel: () => undefined }),
}

const shownPath = (): string => location.pathname + location.search + location.hash

/** Opens the callback page with another response to a started sign-in. */
function openResponse({ bench, callbackUrl }: StartedSignIn, response: Readonly<Record<string, string | undefined>>) {
  const url = new URL(callbackUrl)
  url.searchParams.delete('code')
  for (const [name, value] of Object.entries(response)) {
    if (value === undefined) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return open(url, bench)
}

describe('a response that is a failure', () => {
  it('of a silent sign-in shows the page where the visitor was, the fragment included, and no error', async () => {
    const former = location.href
    history.replaceState(null, '', '/store?item=7#top')
    onTestFinished(() => history.replaceState(null, '', former))
    const options = { silent: ['redirect'], redirectUri: `${location.origin}/callback` } as const
    const started = await startRedirect(options, indexedDb, { prompt: 'none' })
    blockSilentSignIn(internalsOf(started.bench.client).config.tab, 'redirect')
    const client = openResponse(started, { error: 'login_required' })
    const paths: string[] = []
    const onPopState = (): void => void paths.push(shownPath())
    window.addEventListener('popstate', onPopState)
    onTestFinished(() => window.removeEventListener('popstate', onPopState))
    await client.start()
    expect(client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(shownPath()).toBe('/store?item=7#top')
    expect(paths).toEqual(['/store?item=7#top'])
    await client.close()
  })

  it('shows the page where the sign-in started, with the error in the state and its path in the event', async () => {
    const started = await startRedirect({ redirectUri: `${location.origin}/callback` }, indexedDb, {
      returnTo: '/orders?page=2#row',
    })
    const client = openResponse(started, { error: 'access_denied' })
    const events: unknown[] = []
    client.on('error', ({ error, returnTo }) => events.push([error.error, returnTo]))
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: { error: 'access_denied' } })
    expect(events).toEqual([['access_denied', '/orders?page=2#row']])
    expect(shownPath()).toBe('/orders?page=2#row')
    await client.close()
  })

  it('is a cancelled sign-in: three within a minute do not block the fourth (invariant 9)', async () => {
    const options = settings()
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const started = await startRedirect(options, indexedDb)
      const client = openResponse(started, { error: 'access_denied' })
      await client.start()
      expect(client.getSnapshot().error).toMatchObject({ code: 'authorization_error', error: 'access_denied' })
      await client.close()
    }
  })

  it('is not counted if the user came back without one: the fourth sign-in starts', async () => {
    const { client } = await createClientBench({ ...settings(), transport: stayingRedirect })
    for (let attempt = 0; attempt < 4; attempt += 1) expect(await client.login()).toBeUndefined()
    await client.close()
  })

  it('ends a loop if the user did nothing: three within a minute block the fourth (invariant 9)', async () => {
    const options = settings()
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const started = await startRedirect(options, indexedDb)
      const client = openResponse(started, { error: 'temporarily_unavailable' })
      await client.start()
      await client.close()
    }
    const { client } = await createClientBench({ ...options, transport: stayingRedirect })
    await expect(client.login()).rejects.toMatchObject({ code: 'redirect_loop' })
  })

  it.each(['?code=theirs&state=theirs', '#access_token=theirs&state=theirs'])(
    'is one with a foreign state, if it answers our own request: nothing of it stays in the address bar: %s',
    async (response) => {
      const { bench } = await startRedirect({}, indexedDb)
      const client = open(`/${response}`, bench)
      await client.start()
      expect(shownPath()).toBe('/')
      expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'mismatching_state' } })
      expect(countOf(bench.server, 'POST /token')).toBe(0)
      await client.close()
    },
  )

  it('is not one with a foreign state after the user came back without a response', async () => {
    const { bench } = await startRedirect({}, indexedDb)
    const returned = open('/', bench)
    await returned.start()
    await returned.close()
    const client = open('/?code=theirs&state=theirs', bench)
    await client.start()
    expect(shownPath()).toBe('/?code=theirs&state=theirs')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: undefined })
    await client.close()
  })
})

describe('an address with our own state that is no response', () => {
  it.each(['r', 'p', 'i', 'x'])('leaves the page usable: a link with a state of kind %s', async (kind) => {
    const bench = await createClientBench(settings())
    const { key } = internalsOf(bench.client).config
    for (const code of ['', '&code=x']) {
      const client = open(`/?page=2&state=lk.${key}.${kind}.x${code}`, bench)
      await client.start()
      expect(client.getSnapshot().status).toBe('signed-out')
      await client.close()
    }
  })

  it('is our own request, shown by a navigation fallback: an error that says so, and the request stays open', async () => {
    const { bench, requested, callbackUrl } = await startRedirect({}, indexedDb)
    const client = open(`/authorize?${requested.toString()}`, bench)
    expect(client.isCallback()).toBe(false)
    await client.start()
    expect(client.getSnapshot()).toMatchObject({
      status: 'signed-out',
      error: { code: 'missing_code', hint: expect.stringContaining('service worker') as string },
    })
    expect(location.pathname).toBe('/authorize')
    expect(await client.handleCallback(callbackUrl)).toBeDefined()
    await client.close()
  })
})

describe('a custom state on the callback page', () => {
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
    const { createSignOutUrl } = await internalsOf(bench.client).sessionCalls()
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
