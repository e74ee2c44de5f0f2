import dns from 'node:dns'
import { createServer, type RequestListener } from 'node:http'
import { SignJWT } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { barePath, clientKeys, signingClient } from '../features/jar/request-object.fixture.js'
import { registration } from '../features/registration/registration.js'
import { asPage, json, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testClock, testServer } from '../server/test-server.fixture.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { keysOf } from '../token/assertion.js'
import { ASSERTION_TYPE } from '../token/client-authentication/client-assertion.js'
import type { AuthorizationServerOptions } from '../options/server-options.js'
import { allowedHosts, isAllowedHost } from './allowed-hosts.js'
import { createFetchSlots } from './fetch-slots.js'
import { guardedFetch } from './guarded-fetch.js'
import { pinnedFetch } from './pinned-fetch.js'

const HTTPS = 'https://id.example'
const keys = await clientKeys()

/** Spellings of addresses of this machine and of private networks, as hosts of URLs. */
const PRIVATE = [
  ...[
    '127.0.0.2',
    '[::ffff:127.0.0.1]',
    '169.254.169.254',
    '168.63.129.16',
    '0.0.0.0',
    '[::]',
    '[::1]',
    '127.1',
    '2130706433',
    '0x7f000001',
  ],
  ...['0177.0.0.1', '0x7f.0.0.1', '127.0.0.2.', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '[fd00::1]', '[fe80::1]'],
  ...['[fec0::1]', '[64:ff9b::7f00:1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:1::]'],
  ...['[::127.0.0.1]', '[::ffff:0:127.0.0.1]', '224.0.0.1', '255.255.255.255', '192.0.0.1', '198.18.0.1', '[ff02::1]'],
  ...['localhost', 'localhost.', 'LOCALHOST', 'a.localhost', 'printer.local', 'metadata.google.internal', 'nas.home.arpa'],
  ...['①②⑦.0.0.1', '127。0。0。1'],
]

describe('an address of this machine or a private network', () => {
  const none = allowedHosts([])
  it.each(PRIVATE)('is refused in every spelling: %s', (host) => {
    expect(isAllowedHost(new URL(`https://${host}/`), none)).toBe(false)
  })

  it.each(['8.8.8.8', '[2606:4700::1]', '[64:ff9b::808:808]', 'app.example', 'local.example', 'localhost.example'])(
    'is none of these: %s',
    (host) => {
      expect(isAllowedHost(new URL(`https://${host}/`), none)).toBe(true)
    },
  )

  it('can be allowed by name, address or range, and no other with it', () => {
    const some = allowedHosts(['jwks.internal', '.svc.local', '10.1.0.0/16', 'fd00::/8', '127.0.0.1'])
    const isAllowed = (host: string): boolean => isAllowedHost(new URL(`https://${host}/`), some)
    for (const host of ['jwks.internal', 'jwks.internal.', 'a.svc.local', '10.1.2.3', '[fd12::1]', '127.0.0.1'])
      expect(isAllowed(host), host).toBe(true)
    for (const host of ['a.jwks.internal', 'svc.local', '10.2.0.1', '127.0.0.2', '[::ffff:10.1.0.1]', '[fe80::1]', 'localhost'])
      expect(isAllowed(host), host).toBe(false)
  })

  it('is allowed by nothing that cannot be read', () => {
    for (const entry of ['10.0.0.0/33', 'https://a.example', 'A.example', '', '*', 7 as never])
      expect(() => allowedHosts([entry]), entry).toThrow(TypeError)
  })
})

/** Requests that the server sends for a client, each with the URL that the client has registered. */
const USES: Readonly<Record<string, (url: string, options: Partial<AuthorizationServerOptions>) => Promise<unknown>>> = {
  async jwks_uri(url, options) {
    const { jwks: _jwks, ...client } = signingClient(keys, { jwksUri: url, tokenEndpointAuthMethod: 'private_key_jwt' })
    const { server, clock } = await testServer({ ...options, clients: [client] })
    const claims = { iss: 'spa', sub: 'spa', aud: server.issuer, jti: '1', exp: clock.now() / 1000 + 60 }
    const client_assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(keys.privateKey)
    const body = new URLSearchParams({ grant_type: 'x', client_assertion, client_assertion_type: ASSERTION_TYPE })
    return (await json(await server.fetch(new Request(`${server.issuer}/token`, { method: 'POST', body }))))['error']
  },
  async request_uri(url, options) {
    const { server } = await testServer({ ...options, clients: [signingClient(keys, { requestUris: [url] })] })
    const response = await testBrowser(server).get(
      new URL(barePath({ request_uri: url }).replace('/oauth', ''), server.issuer).href,
    )
    return /<code>(\w+)<\/code>/.exec(await response.text())?.[1]
  },
  async backchannel_logout_uri(url, options) {
    const { server } = await testServer({
      ...options,
      issuer: ISSUER,
      privateHosts: options.privateHosts ?? [],
      clients: [{ ...SPA, backchannelLogoutUri: url }],
    })
    const browser = testBrowser(server)
    await signIn(browser)
    const page = await asPage(await browser.get('/oauth/end-session'))
    return (await browser.submit(page, { action: 'sign-out' })).status
  },
}

const addressOf = (input: string | URL | Request): string => (input instanceof Request ? input.url : new URL(input).href)
const quiet = { hooks: { onError: () => undefined } }

describe.each(Object.entries(USES))('a %s', (_name, use) => {
  it('that leads to this machine or a private network is not requested', async () => {
    const sent: string[] = []
    const fetchThere = async (input: string | URL | Request): Promise<Response> => {
      sent.push(addressOf(input))
      return new Response('{"keys":[]}')
    }
    for (const host of PRIVATE) await use(`https://${host}/x`, { ...quiet, issuer: HTTPS, fetch: fetchThere })
    await use('http://127.0.0.1:9/x', { ...quiet, issuer: HTTPS, fetch: fetchThere })
    expect(sent).toEqual([])
    await use('https://app.example/x', { ...quiet, issuer: HTTPS, fetch: fetchThere })
    await use('https://10.0.0.1/x', { ...quiet, issuer: HTTPS, fetch: fetchThere, privateHosts: ['10.0.0.1'] })
    expect(sent).toEqual(['https://app.example/x', 'https://10.0.0.1/x'])
  })

  it('is requested with a time limit, and without redirects', async () => {
    let init: RequestInit = {}
    const redirect = async (_input: unknown, given: RequestInit = {}): Promise<Response> => {
      init = given
      return new Response(null, { status: 302, headers: { location: 'https://app.example/y' } })
    }
    await use('https://app.example/x', { ...quiet, issuer: HTTPS, fetch: redirect })
    expect(init).toMatchObject({ redirect: 'manual', signal: expect.any(AbortSignal) })
  })
})

it('no client with such an address is registered', async () => {
  const clients = clientStore(memoryStore())
  const { server } = await testServer({ clients, features: [registration()] })
  const register = (metadata: Readonly<Record<string, unknown>>): Promise<Response> =>
    server.fetch(
      new Request(`${ISSUER}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://a.example/cb'], ...metadata }),
      }),
    )
  for (const host of ['127.0.0.2', '[::ffff:127.0.0.1]', '169.254.169.254', '10.0.0.1', 'metadata.google.internal']) {
    const url = `https://${host}/x`
    for (const metadata of [{ jwks_uri: url }, { request_uris: [url] }, { backchannel_logout_uri: url }])
      expect((await json(await register(metadata)))['error'], host).toBe('invalid_client_metadata')
  }
  expect((await register({ jwks_uri: 'https://a.example/jwks' })).status).toBe(201)
})

describe('a response', () => {
  const guard = (respond: () => Response): typeof fetch => guardedFetch(() => Promise.resolve(respond()), allowedHosts([]))

  it('is read up to 256 kB', async () => {
    let sent = 0
    const flood = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull(controller) {
          sent += 1
          controller.enqueue(new Uint8Array(16_384))
        },
      })
    await expect((await guard(() => new Response(flood()))('https://a.example/')).text()).rejects.toThrow('larger than')
    expect(sent).toBeLessThan(20)
    const announced = (): Response => new Response('x', { headers: { 'content-length': '150000000' } })
    await expect(guard(announced)('https://a.example/')).rejects.toThrow('larger than')
    expect(await (await guard(() => new Response('x'.repeat(200_000)))('https://a.example/')).text()).toHaveLength(200_000)
  })

  it('that is a redirect is refused, also one that was followed', async () => {
    for (const respond of [
      () => new Response(null, { status: 301 }),
      () => Object.defineProperty(new Response('x'), 'redirected', { value: true }),
    ])
      await expect(guard(respond)('https://a.example/')).rejects.toThrow('redirects')
  })

  it('that does not come, or does not end, is given up when the caller aborts', async () => {
    const controller = new AbortController()
    const never = guardedFetch(() => new Promise<Response>(() => undefined), allowedHosts([]))
    const waiting = never('https://a.example/', { signal: controller.signal })
    const endless = await guard(() => new Response(new ReadableStream()))('https://a.example/', { signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toThrow('too long')
    await expect(endless.text()).rejects.toThrow('too long')
  })
})

describe('in Node, a name', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    vi.restoreAllMocks()
    closing.splice(0).forEach((close) => close())
  })
  const listen = async (respond: RequestListener): Promise<string> => {
    const host = createServer(respond)
    await new Promise<void>((resolve) => void host.listen(0, '127.0.0.1', resolve))
    closing.push(() => {
      host.closeAllConnections()
      host.close()
    })
    const address = host.address()
    return String(typeof address === 'object' && address ? address.port : 0)
  }
  /** Lets names resolve to these addresses, one list after the other. */
  const resolveTo = (...answers: readonly (readonly string[])[]) => {
    let calls = 0
    return vi.spyOn(dns, 'lookup').mockImplementation(((
      _name: string,
      _options: unknown,
      callback: (...result: unknown[]) => void,
    ) => {
      const addresses = answers[Math.min(calls, answers.length - 1)] ?? []
      calls += 1
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }) as typeof dns.lookup)
  }

  it('that resolves to a private address is refused, also if another one is public', async () => {
    let requests = 0
    const port = await listen((_request, response) => void ((requests += 1), response.end('{}')))
    const none = allowedHosts([])
    for (const answer of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:7f00:1'], ['169.254.169.254']]) {
      const lookup = resolveTo(answer)
      await expect(pinnedFetch(none)(`http://rebind.example:${port}/`)).rejects.toThrow('private network')
      lookup.mockRestore()
    }
    expect(requests).toBe(0)
  })

  it('is resolved once: it cannot change between the check and the connection (DNS rebinding)', async () => {
    const port = await listen(
      (request, response) => void response.end(JSON.stringify([request.headers.host, request.headers['x-a']])),
    )
    const lookup = resolveTo(['127.0.0.1'], ['127.0.0.2'])
    const response = await pinnedFetch(allowedHosts(['127.0.0.1']))(`http://rebind.example:${port}/`, { headers: { 'x-a': 'b' } })
    expect(await response.text()).toBe(`["rebind.example:${port}","b"]`)
    expect(lookup).toHaveBeenCalledTimes(1)
  })

  it('that does not resolve, a refused connection and a malformed response are errors', async () => {
    resolveTo([])
    await expect(pinnedFetch(allowedHosts([]))('http://nowhere.example/')).rejects.toThrow(TypeError)
    vi.restoreAllMocks()
    const all = pinnedFetch(allowedHosts(['127.0.0.1']))
    const port = await listen((_request, response) => void response.writeHead(999).end())
    await expect(all(`http://127.0.0.1:${port}/`)).rejects.toThrow(RangeError)
    const posted = await listen((request, response) => void request.pipe(response))
    const body = new URLSearchParams({ logout_token: 'a b' })
    expect(await (await all(`http://127.0.0.1:${posted}/`, { method: 'POST', body })).text()).toBe('logout_token=a+b')
    const empty = await listen((_request, response) => void response.writeHead(204).end())
    expect((await all(`http://127.0.0.1:${empty}/`)).body).toBeNull()
  })

  it('reads no endless body of a status that has none', async () => {
    let close = (): void => undefined
    const closed = new Promise<void>((resolve) => (close = resolve))
    const port = await listen((_request, response) => {
      response.on('close', close).writeHead(205).flushHeaders()
      const more = (): boolean => response.destroyed || (response.write('x'.repeat(65_536)) && more())
      response.on('drain', more)
      more()
    })
    const signal = AbortSignal.timeout(3000)
    expect((await pinnedFetch(allowedHosts(['127.0.0.1']))(`http://127.0.0.1:${port}/`, { signal })).status).toBe(205)
    await closed
    expect(signal.aborted).toBe(false)
  })
})

describe('on runtimes that resolve names in their own fetch, a name', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  it.each([
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['::ffff:7f00:1', false],
    ['8.8.8.8', true],
  ])('is resolved and checked before it is fetched: %s', async (address, isAllowed) => {
    vi.stubGlobal('navigator', { userAgent: 'Bun/1.3' })
    const fetched = vi.fn<typeof fetch>().mockImplementation(() => Promise.resolve(new Response('{}')))
    vi.stubGlobal('fetch', fetched)
    vi.spyOn(dns.promises, 'lookup').mockResolvedValue([{ address, family: 4 }] as never)
    const sent = pinnedFetch(allowedHosts([]))('https://rebind.example/')
    await (isAllowed ? sent : expect(sent).rejects.toThrow('private network'))
    expect(fetched).toHaveBeenCalledTimes(isAllowed ? 1 : 0)
  })

  it.each([
    ['ENOTFOUND', false],
    ['ERR_METHOD_NOT_IMPLEMENTED', true],
  ])('that does not resolve is not fetched, unless the runtime resolves no names: %s', async (code, isFetched) => {
    vi.stubGlobal('navigator', { userAgent: 'Deno/2.5' })
    const fetched = vi.fn<typeof fetch>().mockImplementation(() => Promise.resolve(new Response('{}')))
    vi.stubGlobal('fetch', fetched)
    vi.spyOn(dns.promises, 'lookup').mockRejectedValue(Object.assign(new Error('failed'), { code }))
    await pinnedFetch(allowedHosts([]))('https://rebind.example/').catch(() => undefined)
    expect(fetched).toHaveBeenCalledTimes(isFetched ? 1 : 0)
  })

  it('is left to fetch where there is no resolver', async () => {
    vi.stubGlobal('process', { env: {} })
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}')))
    expect((await pinnedFetch(allowedHosts([]))('https://name.example/')).status).toBe(200)
  })
})

describe('the cache of key sets', () => {
  it('keeps the hundred that were used last', async () => {
    const fetched: string[] = []
    let time = 0
    const server = {
      fetch: async (input: string | URL | Request): Promise<Response> => {
        fetched.push(addressOf(input))
        return Response.json(keys.jwks)
      },
      now: () => (time += 6000),
    }
    const use = async (index: number): Promise<unknown> =>
      keysOf({ jwksUri: `https://a.example/${index}` }, server)?.({ alg: 'ES256' }, { payload: '', signature: '' })
    for (let index = 0; index < 100; index += 1) await use(index)
    await use(0)
    expect(fetched).toHaveLength(100)
    await use(100)
    await use(0)
    expect(fetched).toHaveLength(101)
    await use(1)
    expect(fetched).toHaveLength(102)
  })
})

it('a key set that fails is fetched once at a time, and again after some seconds', async () => {
  let count = 0
  const clock = testClock()
  const server = { fetch: async () => new Response('', { status: 500 + count++ }), now: clock.now }
  const look = async () =>
    keysOf({ jwksUri: 'https://a.example/jwks' }, server)?.({ alg: 'ES256' }, { payload: '', signature: '' })
  const all = await Promise.allSettled(Array.from({ length: 30 }, look))
  expect(all.every(({ status }) => status === 'rejected')).toBe(true)
  await expect(look()).rejects.toThrow()
  expect(count).toBe(1)
  clock.advance(6)
  await expect(look()).rejects.toThrow()
  expect(count).toBe(2)
})

describe('URLs that never respond', () => {
  it.each([
    ['of one host', () => 'slow.example', false],
    ['of one domain', (index: number) => `slow${index}.evil.example`, false],
    ['of clients that strangers have registered', (index: number) => `slow.evil${index}.example`, true],
  ])('do not keep the keys of other clients from being fetched: %s', async (_case, hostOf, selfRegistered) => {
    const sent: string[] = []
    const send = (input: string | URL | Request): Promise<Response> => {
      sent.push(new URL(addressOf(input)).hostname)
      return addressOf(input).includes('slow') ? new Promise(() => undefined) : Promise.resolve(Response.json(keys.jwks))
    }
    const server = { fetch: send, now: testClock().now }
    const look = (jwksUri: string, source = {}) =>
      Promise.resolve(keysOf({ jwksUri, ...source }, server)?.({ alg: 'ES256' }, { payload: '', signature: '' }))
    const slow = Array.from({ length: 30 }, (_, index) => `https://${hostOf(index)}/${index}`)
    for (const url of slow) void look(url, { selfRegistered }).catch(() => undefined)
    expect(await look('https://good.example/jwks')).toBeDefined()
    // A stranger who has registered the same URL does not slow it down.
    void look('https://good.example/other', { selfRegistered: true }).catch(() => undefined)
    expect(await look('https://good.example/other')).toBeDefined()
  })

  it('wait for each other, and take no more places than there are', async () => {
    const waiting: ((response: string) => void)[] = []
    const slots = createFetchSlots()
    const send = () => slots.run('https://slow.example/', () => new Promise<string>((resolve) => void waiting.push(resolve)))
    const all = Array.from({ length: 25 }, send)
    await expect(all.at(-1)).rejects.toThrow('too many')
    expect(waiting).toHaveLength(4)
    for (let index = 0; index < 24; index += 1) {
      waiting[index]?.(`${index}`)
      await all[index]
      await Promise.resolve()
    }
    expect(waiting).toHaveLength(24)
    expect(await Promise.all(all.slice(0, 24))).toEqual(Array.from({ length: 24 }, (_, index) => `${index}`))
  })
})
