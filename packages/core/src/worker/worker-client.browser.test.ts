import { describe, expect, it, onTestFinished } from 'vitest'
import { countOf, instantTransport } from '../client/client.fixture.js'
import { ConfigurationError, ServerError, SessionError } from '../errors/errors.js'
import type { ClientEvents } from '../client/events.js'
import { topLevelPage } from '../platform/top-level-page.fixture.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'
import type { Transport } from '../sign-in/transports/transport.js'
import { serveClient } from '../worker-host.js'
import { createWorkerBench, hold, type WorkerBench, type WorkerTab } from './worker-bench.fixture.js'
import { workerClient } from './worker-client.js'

const SECRETS = ['access-token-1', 'refresh-token-2', 'eyJ', 'code_verifier', 'codeVerifier']

async function signedIn(bench: WorkerBench, ...options: Parameters<WorkerBench['open']>): Promise<WorkerTab> {
  const tab = bench.open(...options)
  await tab.client.start()
  await tab.client.login()
  return tab
}

/** Sets the response of the API; other requests are not affected. */
function respondAtApi({ server }: WorkerBench, respond: (request: Request) => Response | Promise<Response>): void {
  server.faults = { respond: (request) => (request.url.startsWith('https://api.example/') ? respond(request) : undefined) }
}

const callsOf = ({ sent }: WorkerBench): WorkerBench['sent'] => sent.filter(({ url }) => url.startsWith('https://api.example/'))
const headerOf = (request: WorkerBench['sent'][number] | undefined, name: string): string | null =>
  new Headers(request?.init.headers).get(name)

describe('logout({ transport })', () => {
  it.each(['popup', 'iframe'] as const)(
    'is refused before anything ends, since the worker has no window: %s',
    async (transport) => {
      const { client } = await signedIn(await createWorkerBench())
      await expect(client.logout({ transport })).rejects.toMatchObject({ code: 'unsupported' })
      expect(client.getSnapshot().status).toBe('signed-in')
      await client.logout({ local: true, transport: 'redirect' })
      expect(client.getSnapshot().status).toBe('signed-out')
    },
  )
})

describe('no token in the page', () => {
  it('signs in and calls an API without a token or code verifier in any message from the worker', async () => {
    const bench = await createWorkerBench()
    respondAtApi(bench, () => Response.json({ hello: 'world' }))
    const { client, wire } = await signedIn(bench)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', claims: { sub: 'user-1' } })
    expect(await (await client.fetch('https://api.example/things')).json()).toEqual({ hello: 'world' })
    expect(headerOf(callsOf(bench)[0], 'authorization')).toBe('Bearer access-token-1')
    await client.refresh()
    await client.userInfo()
    await client.logout({ local: true })
    expect(wire.length).toBeGreaterThan(10)
    for (const secret of SECRETS) expect(wire.join('\n')).not.toContain(secret)
    // The server received it, so the search above would have found it.
    expect(bench.server.bodies.map(String).join('\n')).toContain('code_verifier')
  })

  it('shows expiry, scope and claims of the token set, and no token string', async () => {
    const { client } = await signedIn(await createWorkerBench())
    const tokenSet = client.getTokenSet()
    expect(tokenSet).toMatchObject({
      accessToken: '',
      tokenType: 'Bearer',
      scope: 'openid profile',
      response: {},
      claims: { sub: 'user-1' },
    })
    expect(tokenSet?.expiresAt).toBeGreaterThan(Date.now() / 1000)
    expect(tokenSet).not.toHaveProperty('refreshToken')
    expect(tokenSet).not.toHaveProperty('idToken')
    expect(client.getSnapshot().tokenSet).toEqual(tokenSet)
  })

  it('rejects getAccessToken() with a hint', async () => {
    const { client } = await signedIn(await createWorkerBench())
    const failure = await client.getAccessToken().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('client.fetch()') as string })
  })

  it('emits events of sign-in and refresh without a token', async () => {
    const bench = await createWorkerBench()
    const { client } = bench.open()
    const emitted: Array<readonly [string, unknown]> = []
    for (const name of ['signed-in', 'token-set', 'signed-out'] as const satisfies ReadonlyArray<keyof ClientEvents>)
      client.on(name, (event) => emitted.push([name, event]))

    await client.start()
    const result = await client.login({ returnTo: '/orders' })
    await client.refresh()
    await client.logout({ local: true })
    expect(result).toMatchObject({ returnTo: '/orders', tokenSet: { accessToken: '' } })
    expect(emitted.map(([name]) => name)).toEqual(['token-set', 'signed-in', 'token-set', 'signed-out'])
    for (const secret of SECRETS) expect(JSON.stringify(emitted)).not.toContain(secret)
  })

  it('stores no token in the page’s storage and none as clear text in IndexedDB', async () => {
    const bench = await createWorkerBench('indexedDb')
    await signedIn(bench)
    const areas = JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])
    for (const secret of SECRETS) expect(areas).not.toContain(secret)
    const dump = await textOf(`worker-${bench.name}`)
    expect(dump.length).toBeGreaterThan(500)
    for (const secret of SECRETS) expect(dump).not.toContain(secret)
  })

  it('stores no session in IndexedDB by default', async () => {
    const bench = await createWorkerBench()
    await signedIn(bench)
    const keys = await keysOf(`worker-${bench.name}`)
    expect(keys.some((key) => key.endsWith('/server'))).toBe(true)
    expect(keys.filter((key) => key.endsWith('/session'))).toEqual([])
  })

  it.each(['token', 'id_token', 'id_token token', 'code id_token'] as const)(
    'refuses to serve responseType "%s"',
    (responseType) => {
      const scope = { location, addEventListener: () => undefined }
      const make = (): unknown => serveClient({ issuer, clientId: 'client-1', responseType }, scope)
      expect(make).toThrow(expect.objectContaining({ code: 'configuration' }))
      expect(() => serveClient({ issuer, clientId: 'client-1', responseType: 'code' }, scope)).not.toThrow()
    },
  )
})

describe('options that do nothing with a worker', () => {
  const identity = { issuer, clientId: 'client-1', redirectUri }
  const unsupported = expect.objectContaining({ code: 'unsupported', hint: expect.any(String) as string }) as unknown

  it.each([{ stepUp: 'popup' }, { offlineGrace: 60 }])('refuses %j in the page and in the worker', (option) => {
    const worker = { postMessage: () => undefined, addEventListener: () => undefined }
    const scope = { location, addEventListener: () => undefined }
    expect(() => workerClient({ ...identity, ...option, worker })).toThrow(unsupported)
    expect(() => serveClient({ ...identity, ...option }, scope)).toThrow(unsupported)
  })

  it.each([{ transport: 'popup' }, { silent: ['iframe'] }])('refuses %j in the worker, where there is no page', (option) => {
    const scope = { location, addEventListener: () => undefined }
    expect(() => serveClient({ ...identity, ...option }, scope)).toThrow(unsupported)
    expect(() => serveClient({ ...identity, stepUp: undefined } as object as typeof identity, scope)).not.toThrow()
  })
})

describe('fetch() through the worker', () => {
  it('sends the token only to the resources of the worker’s file (invariant 5)', async () => {
    const bench = await createWorkerBench()
    // A script in the page cannot add resources.
    const more = { resources: ['https://attacker.example/'] } as object
    expect(() => bench.open(more)).toThrow(expect.objectContaining({ code: 'configuration' }))
    const { client } = await signedIn(bench)
    const before = bench.sent.length
    for (const url of ['https://attacker.example/', 'https://api.example.attacker.example/', '//attacker.example/x']) {
      const failure = await client.fetch(url).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(ConfigurationError)
      expect(failure).toMatchObject({ code: 'resource_not_allowed' })
    }
    expect(bench.sent.length).toBe(before)
  })

  it('resolves relative resources against this origin', async () => {
    const bench = await createWorkerBench()
    bench.server.faults = { respond: ({ url }) => (new URL(url).pathname === '/api/me' ? Response.json('me') : undefined) }
    const { client } = await signedIn(bench, {}, { resources: ['/api/'] })
    expect(await (await client.fetch('/api/me')).json()).toBe('me')
    expect(headerOf(bench.sent.at(-1), 'authorization')).toBe('Bearer access-token-1')
    await expect(client.fetch('/other')).rejects.toMatchObject({ code: 'resource_not_allowed' })
  })

  it.each([
    { what: 'text', body: 'hello', type: 'text/plain;charset=UTF-8', text: 'hello' },
    {
      what: 'form parameters',
      body: new URLSearchParams({ a: 'ä' }),
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      text: 'a=%C3%A4',
    },
    { what: 'a Blob', body: new Blob(['blob'], { type: 'image/x' }), type: 'image/x', text: 'blob' },
    { what: 'bytes', body: new TextEncoder().encode('bytes'), type: null, text: 'bytes' },
  ])('sends $what', async ({ body, type, text }) => {
    const bench = await createWorkerBench()
    const seen: unknown[] = []
    respondAtApi(bench, async (request) => {
      seen.push(request.method, request.headers.get('content-type'), request.headers.get('x-custom'), await request.text())
      return new Response(null, { status: 204 })
    })
    const { client } = await signedIn(bench)
    const response = await client.fetch('https://api.example/', { method: 'PUT', body, headers: { 'x-custom': '1' } })
    expect([response.status, response.body]).toEqual([204, null])
    expect(seen).toEqual(['PUT', type, '1', text])
  })

  it('sends a form with a file', async () => {
    const bench = await createWorkerBench()
    let file: FormDataEntryValue | null = null
    respondAtApi(bench, async (request) => {
      file = (await request.formData()).get('file')
      return new Response()
    })
    const { client } = await signedIn(bench)
    const body = new FormData()
    body.set('file', new File(['content'], 'a.txt'))
    await client.fetch('https://api.example/', { method: 'POST', body })
    expect(file).toMatchObject({ name: 'a.txt', size: 7 })
  })

  it('sends a Request, and a stream', async () => {
    const bench = await createWorkerBench()
    const seen: string[] = []
    respondAtApi(bench, async (request) => {
      seen.push(`${request.method} ${await request.text()}`)
      return new Response()
    })
    const { client } = await signedIn(bench)
    await client.fetch(new Request('https://api.example/', { method: 'POST', body: 'one' }))
    const stream = new Blob(['streamed']).stream()
    await client.fetch('https://api.example/', { method: 'POST', body: stream, duplex: 'half' } as RequestInit)
    expect(seen).toEqual(['POST one', 'POST streamed'])
  })

  it('returns status, headers and URL before the whole body has arrived', async () => {
    const bench = await createWorkerBench()
    const more = hold()
    respondAtApi(bench, () => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('first'))
          await more.wait
          controller.enqueue(new TextEncoder().encode('second'))
          controller.close()
        },
      })
      return new Response(body, { status: 203, statusText: 'Fine', headers: { 'x-test': '42' } })
    })
    const { client } = await signedIn(bench)
    const response = await client.fetch('https://api.example/slow')
    expect([response.status, response.ok, response.headers.get('x-test')]).toEqual([203, true, '42'])
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first')
    more.release()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('second')
    expect((await reader?.read())?.done).toBe(true)
  })

  it('aborts the request with its signal', async () => {
    const bench = await createWorkerBench()
    respondAtApi(bench, () => new Promise<Response>(() => undefined))
    const { client } = await signedIn(bench)
    const controller = new AbortController()
    const response = client.fetch('https://api.example/', { signal: controller.signal })
    await expect.poll(() => callsOf(bench)).toHaveLength(1)
    controller.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => bench.aborted).toEqual([callsOf(bench)[0]?.id])
    await expect(client.fetch('https://api.example/', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(callsOf(bench)).toHaveLength(1)
  })

  it('aborts the body with the signal while it arrives', async () => {
    const bench = await createWorkerBench()
    respondAtApi(
      bench,
      () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('first')) })),
    )
    const { client } = await signedIn(bench)
    const controller = new AbortController()
    const response = await client.fetch('https://api.example/', { signal: controller.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    const next = reader?.read()
    controller.abort()
    await expect(next).rejects.toBeTruthy()
  })

  it('refreshes a token that the resource rejects once, and repeats the request', async () => {
    const bench = await createWorkerBench()
    let refusals = 0
    const bodies: string[] = []
    respondAtApi(bench, async (request) => {
      bodies.push(await request.text())
      refusals += 1
      const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
      return refusals > 1 ? new Response('done') : new Response('', { status: 401, headers })
    })
    const { client } = await signedIn(bench)
    const before = countOf(bench.server, 'POST /token')
    const response = await client.fetch('https://api.example/', { method: 'POST', body: 'again' })
    expect(await response.text()).toBe('done')
    expect(bodies).toEqual(['again', 'again'])
    expect(countOf(bench.server, 'POST /token') - before).toBe(1)
  })

  it('sends one refresh for many calls (invariant 2)', async () => {
    const bench = await createWorkerBench()
    respondAtApi(bench, () => new Response('ok'))
    const { client } = await signedIn(bench)
    bench.advance(250_000)
    const before = countOf(bench.server, 'POST /token')
    await Promise.all(Array.from({ length: 20 }, () => client.fetch('https://api.example/')))
    expect(countOf(bench.server, 'POST /token') - before).toBe(1)
    expect(callsOf(bench)).toHaveLength(20)
  })

  it('sends requests without the client’s token from the page', async () => {
    const bench = await createWorkerBench()
    const plain: Request[] = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      plain.push(new Request(input, init))
      return new Response('plain')
    }
    const { client } = await signedIn(bench, { fetch })
    const before = bench.sent.length
    await client.fetch('https://anywhere.example/', { withholdToken: true })
    await client.fetch('https://anywhere.example/', { headers: { authorization: 'Basic custom' } })
    expect(plain.map(({ headers }) => headers.get('authorization'))).toEqual([null, 'Basic custom'])
    expect(bench.sent.length).toBe(before)
  })

  it('removes an access token in the query from the response’s URL', async () => {
    const bench = await createWorkerBench()
    respondAtApi(bench, () => new Response('x'))
    const { client, wire } = await signedIn(bench, {}, { resources: [{ url: 'https://api.example/', tokenPlacement: 'query' }] })
    const response = await client.fetch('https://api.example/q?a=1')
    expect(response.url).toBe('https://api.example/q?a=1')
    expect(callsOf(bench)[0]?.url).toContain('access_token=access-token-1')
    expect(wire.join('\n')).not.toContain('access-token-1')
  })

  it('revokes the given token, or else the session’s, which is not in the page', async () => {
    //
    const bench = await createWorkerBench()
    const { client, wire } = await signedIn(bench)
    let trace: string | null = null
    bench.server.faults = { respond: (request) => ((trace ??= request.headers.get('x-trace')), undefined) }
    await client.revoke('left-over-token', { headers: new Headers({ 'x-trace': '1' }), params: { reason: 'lost' } })
    await client.revoke()
    expect(bench.server.bodies.slice(-2).map((body) => body.get('token'))).toEqual(['left-over-token', 'refresh-token-2'])
    expect([trace, bench.server.bodies.at(-2)?.get('reason')]).toEqual(['1', 'lost'])
    expect(wire.join('\n')).not.toContain('refresh-token-2')
  })

  it('rejects calls when no user is signed in', async () => {
    const { client } = (await createWorkerBench()).open()
    await client.start()
    const failure = await client.fetch('https://api.example/').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SessionError)
    expect(failure).toMatchObject({ code: 'missing_token' })
  })

  it('aborts requests of the former user at a sign-out', async () => {
    const bench = await createWorkerBench()
    respondAtApi(bench, () => new Promise<Response>(() => undefined))
    const { client } = await signedIn(bench)
    const response = client.fetch('https://api.example/').catch((error: unknown) => error)
    await expect.poll(() => callsOf(bench)).toHaveLength(1)
    await client.logout({ local: true, revoke: false })
    expect(await response).toMatchObject({ code: 'missing_token' })
  })
})

describe('sessions and pages', () => {
  it('completes a redirect in a new page with a new worker', async () => {
    const bench = await createWorkerBench()
    const former = bench.open()
    await former.client.start()
    const url = await startRedirect(former, bench)
    former.crash()
    const pageUrl = location.href
    history.replaceState(null, '', url)
    onTestFinished(() => history.replaceState(null, '', pageUrl))
    const page = bench.open({ redirectUri: `${location.origin}/back` })
    expect(page.client.isCallback()).toBe(true)
    const starting = page.client.start()
    expect(page.client.getSnapshot()).toMatchObject({ status: 'restoring', activity: 'signing-in' })
    await starting
    expect(page.client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', claims: { sub: 'user-1' } })
    expect(location.pathname + location.search).toBe('/orders?page=2')
    for (const secret of SECRETS) expect([...former.wire, ...page.wire].join('\n')).not.toContain(secret)
  })

  it('redeems a code once, even if two pages have it (invariant 1)', async () => {
    const bench = await createWorkerBench()
    const tab = bench.open()
    await tab.client.start()
    const url = await startRedirect(tab, bench)
    const before = countOf(bench.server, 'POST /token')
    const results = await Promise.allSettled([tab.client.handleCallback(url), bench.open().client.handleCallback(url)])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(countOf(bench.server, 'POST /token') - before).toBe(1)
    expect(await tab.client.handleCallback('https://app.example/?code=1&state=other')).toBeUndefined()
  })

  it('restores a session from IndexedDB without a request (invariant 13)', async () => {
    const bench = await createWorkerBench('indexedDb')
    const former = await signedIn(bench)
    former.crash()
    const before = bench.sent.length
    const { client } = bench.open()
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'user-1' } })
    expect(bench.sent.length).toBe(before)
  })

  it.each(['isolated', 'indexedDb'] as const)(
    'sees a sign-out in another tab, with storage %s (invariant 10)',
    async (storage) => {
      const bench = await createWorkerBench(storage)
      const here = await signedIn(bench)
      const there = await signedIn(bench)
      const reasons: string[] = []
      there.client.on('signed-out', ({ reason }) => reasons.push(reason))
      await here.client.logout({ local: true, revoke: false })
      await expect.poll(() => there.client.getSnapshot().status).toBe('signed-out')
      await expect.poll(() => reasons).toEqual(['other-tab'])
    },
  )

  it('keeps the claims the same object after a refresh (invariant 13)', async () => {
    const { client } = await signedIn(await createWorkerBench())
    const { claims } = client.getSnapshot()
    await client.refresh()
    expect(client.getSnapshot().claims).toBe(claims)
    expect(client.getSnapshot()).toBe(client.getSnapshot())
  })

  it('ends the session only if the server refuses the refresh token (invariant 3)', async () => {
    const bench = await createWorkerBench()
    const { client } = await signedIn(bench)
    bench.advance(250_000)
    const refuse = (status: number): void => {
      bench.server.faults = {
        respond: ({ url }) => (url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status }) : undefined),
      }
    }
    refuse(503)
    await expect(client.fetch('https://api.example/')).rejects.toMatchObject({
      code: 'server_error',
      retryable: true,
      status: 503,
    })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: { code: 'server_error' } })
    refuse(400)
    await expect(client.fetch('https://api.example/')).rejects.toBeInstanceOf(SessionError)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'token_invalid', error: 'invalid_grant' } })
  })

  it('signs in silently at the start, without showing the user as signed out', async () => {
    const bench = await createWorkerBench()
    const seen = new Set<string>()
    const environment = { window: topLevelPage() }
    const tab = bench.open({ silent: ['iframe'], redirectUri: `${location.origin}/`, environment })
    tab.client.subscribe(() => seen.add(tab.client.getSnapshot().status))
    bench.server.faults = { metadata: { authorization_endpoint: `${location.origin}/authorize` } }
    respondInFrames(bench)
    await tab.client.start()
    expect(tab.client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', error: undefined })
    expect([...seen]).not.toContain('signed-out')
  })

  it('refreshes the token before it expires while the page is visible', async () => {
    const bench = await createWorkerBench()
    const { client } = await signedIn(bench)
    const former = client.getTokenSet()?.expiresAt
    bench.advance(245_000)
    document.dispatchEvent(new Event('visibilitychange'))
    await expect.poll(() => client.getTokenSet()?.expiresAt).not.toBe(former)
  })

  it('works after close and start (StrictMode)', async () => {
    const bench = await createWorkerBench()
    const { client } = await signedIn(bench)
    await client.close()
    await client.start()
    expect(client.getSnapshot().status).toBe('signed-in')
    const other = await signedIn(bench)
    await other.client.logout({ local: true, revoke: false })
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
  })
})

describe('errors - invariant 12', () => {
  it('keep their class, code, hint and the server’s own texts, and are in the state', async () => {
    const bench = await createWorkerBench()
    const { client } = bench.open({
      transport: instantTransport(bench.server, {
        answer: { code: undefined, error: 'access_denied', error_description: 'not today' },
      }),
    })
    await client.start()
    const errors: unknown[] = []
    client.on('error', ({ error }) => errors.push(error.code))
    const failure = await client.login().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ServerError)
    const expected = {
      code: 'authorization_error',
      error: 'access_denied',
      errorDescription: 'not today',
      hint: expect.any(String) as string,
    }
    expect(failure).toMatchObject(expected)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: expected })
    expect(errors).toEqual(['authorization_error'])
    // The next attempt clears it.
    await client.login({ transport: instantTransport(bench.server) })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
  })

  it('of the page are in the state as well: a blocked popup', async () => {
    const bench = await createWorkerBench()
    const { client } = bench.open({ environment: { openWindow: () => null } })
    await client.start()
    await expect(client.login({ transport: 'popup' })).rejects.toMatchObject({ code: 'popup_blocked' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'popup_blocked' } })
  })

  it('name a sign-in that its signal aborted', async () => {
    const bench = await createWorkerBench()
    const { client } = bench.open({
      transport: { name: 'custom', prepare: () => ({ navigate: () => new Promise(() => undefined), cancel: () => undefined }) },
    })
    await client.start()
    const controller = new AbortController()
    const attempt = client.login({ signal: controller.signal })
    await expect.poll(() => client.getSnapshot().activity).toBe('signing-in')
    controller.abort()
    await expect(attempt).rejects.toMatchObject({ code: 'aborted' })
    await expect.poll(() => client.getSnapshot().activity).toBe('idle')
  })

  it('name a worker file that does not load', async () => {
    const worker = new Worker('/no-such-file.js', { type: 'module' })
    const client = workerClient({ worker, issuer, clientId: 'client-1', redirectUri })
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'module_load_failed' } })
    await expect(client.fetch('https://api.example/')).rejects.toMatchObject({ code: 'module_load_failed' })
  })

  it('name a worker that serves another client', async () => {
    const bench = await createWorkerBench()
    const { client } = bench.open({ clientId: 'client-2', timeout: 0.3 })
    await client.start()
    expect(client.getSnapshot()).toMatchObject({
      status: 'signed-out',
      error: { code: 'configuration', hint: expect.stringContaining('serveClient()') as string },
    })
  })

  it('name a worker that has ended, whatever is called, also while a response arrives', async () => {
    const bench = await createWorkerBench()
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('begun')) })
    respondAtApi(bench, () => new Response(body))
    const { client, crash } = await signedIn(bench, { timeout: 4 })
    const response = await client.fetch('https://api.example/events')
    const reader = response.body?.getReader()
    expect(await reader?.read()).toMatchObject({ done: false })
    crash()
    const calls: Array<Promise<unknown>> = [
      Promise.resolve(reader?.read()),
      client.fetch('https://api.example/'),
      client.refresh(),
      client.userInfo(),
      client.revoke(),
      client.introspect(),
      client.login(),
    ]
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'timeout', hint: expect.stringContaining('Reload') as string },
      })
    }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'timeout' })
    // A user can always sign out of the page.
    expect(await client.logout()).toEqual({ local: true, provider: false })
    expect(client.getSnapshot().status).toBe('signed-out')
  })

  it('name arguments that cannot be sent to a worker', async () => {
    const { client } = await signedIn(await createWorkerBench())
    const params = { custom: (() => 'x') as never }
    await expect(client.login({ params })).rejects.toMatchObject({ code: 'configuration' })
    expect(client.getSnapshot().status).toBe('signed-in')
  })
})

/** Starts a redirect that the page does not return from. @returns the callback URL */
async function startRedirect({ client }: WorkerTab, { server }: WorkerBench): Promise<URL> {
  const instant = instantTransport(server)
  return new Promise((resolve, reject) => {
    const transport: Transport = {
      name: 'custom',
      prepare: () => ({
        async navigate(request) {
          const url = await instant.prepare().navigate(request)
          if (url) resolve(url)
          return new Promise(() => undefined)
        },
        cancel: () => undefined,
      }),
    }
    client.login({ transport, returnTo: '/orders?page=2', redirectUri: `${location.origin}/back` }).catch(reject)
  })
}

/** Sends the response from the hidden frame, as the callback page does. */
function respondInFrames({ server }: WorkerBench): void {
  const watch = new MutationObserver(() => {
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="sign-in check"]')
    if (!frame?.src || frame.dataset['seen']) return
    frame.dataset['seen'] = 'yes'
    const { searchParams } = new URL(frame.src)
    const [state, nonce] = [searchParams.get('state') ?? '', searchParams.get('nonce') ?? undefined]
    server.nonce = nonce
    const channel = new BroadcastChannel(`latchkey:response:${state}`)
    const query = new URLSearchParams({ code: 'code-1', state, iss: issuer })
    channel.postMessage({ type: 'response', url: `${location.origin}/?${query}` })
    setTimeout(() => channel.close(), 500)
  })
  watch.observe(document.body, { childList: true })
  onTestFinished(() => {
    watch.disconnect()
    sessionStorage.clear()
  })
}

function records<T>(database: string, read: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database)
    opening.addEventListener('error', () => reject(opening.error))
    opening.addEventListener('success', () => {
      const reading = read(opening.result.transaction('records').objectStore('records'))
      reading.addEventListener('success', () => resolve(reading.result))
    })
  })
}

async function keysOf(database: string): Promise<string[]> {
  return (await records(database, (store) => store.getAllKeys())).map(String)
}

async function textOf(database: string): Promise<string> {
  const all = await records(database, (store) => store.getAll() as IDBRequest<unknown[]>)
  const texts = all.map((record) => {
    const data = (record as { data?: unknown }).data
    return data instanceof ArrayBuffer ? new TextDecoder('latin1').decode(data) : JSON.stringify(record)
  })
  return texts.join()
}
