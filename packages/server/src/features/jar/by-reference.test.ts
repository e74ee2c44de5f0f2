import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { digest } from '../../storage/digest.js'
import { asPage, authorizePath, json, locationOf, redeem, testBrowser } from '../../server/test-browser.fixture.js'
import { testClock, testServer } from '../../server/test-server.fixture.js'
import { barePath, clientKeys, sign, signingClient } from './request-object.fixture.js'

const keys = await clientKeys()
const ALICE = { action: 'sign-in', username: 'alice', password: 'wonderland' }
const ADDRESS = 'https://app.example/requests/1'
const TYPE = { headers: { 'content-type': 'application/oauth-authz-req+jwt' } }

/** A server whose own requests get `respond`, for a client with these request URIs. */
const setUp = async (
  respond: (url: string, init: RequestInit) => Response | Promise<Response>,
  requestUris: readonly string[] = [ADDRESS],
) => {
  const clock = testClock()
  const fetched: string[] = []
  const fetchThere: typeof fetch = async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input)
    fetched.push(url)
    return respond(url, init)
  }
  const { server } = await testServer({ clients: [signingClient(keys, { requestUris })], fetch: fetchThere }, clock)
  const browser = testBrowser(server)
  return { server, clock, browser, fetched, get: (requestUri = ADDRESS) => browser.get(barePath({ request_uri: requestUri })) }
}
const signed = (claims = {}): Promise<string> => sign(claims, { key: keys.privateKey, clock: testClock() })
const publish = (object: string) => (): Response => new Response(object, TYPE)
const shown = async (response: Response): Promise<string | undefined> =>
  response.status === 400 ? /<code>(\w+)<\/code>/.exec(await response.text())?.[1] : `status ${response.status}`

describe('a signed authorization request by reference (RFC 9101, section 5.2)', () => {
  it('is fetched once from the registered URI, without credentials, and signs in', async () => {
    const object = await signed({ scope: 'openid email' })
    let sent: RequestInit = {}
    const { server, browser, fetched, get } = await setUp((_url, init) => {
      sent = init
      return new Response(`${object}\n`, { headers: { 'content-type': 'application/jwt; charset=utf-8' } })
    })
    const page = await asPage(await get())
    const callback = locationOf(await browser.submit(page, ALICE))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['scope']).toBe('openid email')
    expect(fetched).toEqual([ADDRESS])
    expect(sent).toMatchObject({ redirect: 'manual' })
    expect(Object.keys(new Headers(sent.headers)).filter((name) => name !== 'accept')).toEqual([])
  })

  it('is what the user was shown, whatever the URL serves when they agree', async () => {
    let scope = 'openid'
    const { server, browser, fetched, get } = await setUp(
      async () => new Response(await signed({ scope, prompt: 'consent' }), TYPE),
    )
    const signIn = await asPage(await get())
    scope = 'openid profile email phone'
    const consent = await asPage(await browser.submit(signIn, ALICE))
    expect(consent.text).not.toContain('phone')
    const callback = locationOf(await browser.submit(consent, { action: 'consent' }))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['scope']).toBe('openid')
    expect(fetched).toHaveLength(1)
  })

  it('is fetched once for requests at the same time, and again after some seconds, also if it fails', async () => {
    const { fetched, get, clock } = await setUp(() => new Response('', { status: 404 }))
    await Promise.all(Array.from({ length: 30 }, () => get()))
    await get()
    expect(fetched).toHaveLength(1)
    clock.advance(6)
    await get()
    expect(fetched).toHaveLength(2)
  })

  it('may have the digest of its content as a fragment, which is compared (OpenID Connect Core 1.0, section 6.2)', async () => {
    const object = await signed()
    const { fetched, get } = await setUp(publish(object))
    expect((await get(`${ADDRESS}#${await digest(object)}`)).status).toBe(200)
    expect(fetched).toEqual([ADDRESS])
    expect(await shown(await get(`${ADDRESS}#${await digest('another')}`))).toBe('invalid_request_uri')
    expect(await shown(await get(`${ADDRESS}#`))).toBe('invalid_request_uri')
  })

  it('must meet all rules of a request by value', async () => {
    for (const object of [await signed({ aud: 'https://other.example' }), 'no.jwt.here', ''])
      expect(await shown(await (await setUp(publish(object))).get())).toBe('invalid_request_object')
  })

  it('is reported to the client if the request also has a registered redirect URI', async () => {
    const { browser } = await setUp(() => new Response('', { status: 404 }))
    const location = locationOf(await browser.get(authorizePath({ request_uri: ADDRESS })))
    expect(location.searchParams.get('error')).toBe('invalid_request_uri')
  })
})

describe('no request leaves the server for a URI that is not registered (SSRF)', () => {
  it.each([
    'https://app.example/requests/2',
    'https://app.example/requests/1/',
    'https://app.example/requests/1?x=1',
    'https://app.example/requests/../requests/1',
    'https://app.example:443/requests/1',
    'https://APP.example/requests/1',
    'https://app.example@169.254.169.254/requests/1',
    'http://app.example/requests/1',
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:22/',
    'file:///etc/passwd',
    'urn:example:request',
    '#',
  ])('%s', async (requestUri) => {
    const { fetched, get } = await setUp(publish(await signed()))
    expect(await shown(await get(requestUri))).toBe('invalid_request_uri')
    expect(fetched).toEqual([])
  })

  it('nor for a registered one that is neither https nor on loopback', async () => {
    const REGISTERED = ['http://intranet.example/r', 'ftp://app.example/r', 'data:,x', 'https://u:p@app.example/r', 'nonsense']
    const { fetched, get } = await setUp(publish(await signed()), [...REGISTERED, 'http://127.0.0.1:9/r'])
    for (const requestUri of REGISTERED) expect(await shown(await get(requestUri)), requestUri).toBe('invalid_request_uri')
    expect(fetched).toEqual([])
    expect((await get('http://127.0.0.1:9/r')).status).toBe(200)
  })

  it('nor for a client that has registered none', async () => {
    const { fetched, get } = await setUp(publish(await signed()), [])
    expect(await shown(await get())).toBe('invalid_request_uri')
    expect(fetched).toEqual([])
  })
})

describe('a response that is not a request object is refused', () => {
  it('with another status or content type, or after a redirect', async () => {
    const object = await signed()
    const RESPONSES: readonly (() => Response)[] = [
      () => new Response(object),
      () => new Response(object, { headers: { 'content-type': 'text/html' } }),
      () => new Response(object, { headers: { 'content-type': 'application/json' } }),
      () => new Response(object, { ...TYPE, status: 201 }),
      () => new Response(object, { ...TYPE, status: 500 }),
      () => new Response(null, { status: 302, headers: { location: 'https://evil.test/' } }),
      () => Object.defineProperty(new Response(object, TYPE), 'redirected', { value: true }),
    ]
    for (const respond of RESPONSES) expect(await shown(await (await setUp(respond)).get())).toBe('invalid_request_uri')
  })

  it('if the URI is unreachable, without revealing why', async () => {
    const { get } = await setUp(() => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.7:443')))
    const text = await (await get()).text()
    expect(text).toContain('invalid_request_uri')
    expect(text).not.toContain('10.0.0.7')
  })

  it('if it is too large, without reading it all', async () => {
    let sent = 0
    const flood = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1
        controller.enqueue(new Uint8Array(16_384).fill(65))
      },
    })
    const { get } = await setUp(() => new Response(flood, TYPE))
    expect(await shown(await get())).toBe('invalid_request_uri')
    expect(sent).toBeLessThan(20)
  })
})

describe('over a real connection', () => {
  const closing: (() => void)[] = []
  afterEach(() => closing.splice(0).forEach((close) => close()))

  const listen = async (respond: RequestListener): Promise<string> => {
    const host = createServer(respond)
    await new Promise<void>((resolve) => void host.listen(0, '127.0.0.1', resolve))
    closing.push(() => {
      host.closeAllConnections()
      host.close()
    })
    const address = host.address()
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/r`
  }
  const getFrom = async (requestUri: string): Promise<Response> => {
    const clients = [signingClient(keys, { requestUris: [requestUri] })]
    const { server } = await testServer({ clients })
    return testBrowser(server).get(barePath({ request_uri: requestUri }))
  }

  it('it is fetched, and a redirect is not followed', async () => {
    const object = await signed()
    const requestUri = await listen((_request, response) => void response.writeHead(200, TYPE.headers).end(object))
    expect((await getFrom(requestUri)).status).toBe(200)
    const elsewhere = await listen((_request, response) => void response.writeHead(302, { location: requestUri }).end())
    expect(await shown(await getFrom(elsewhere))).toBe('invalid_request_uri')
  })

  it('a response that never ends is aborted after five seconds, with its connection', async () => {
    let isClosed = false
    const requestUri = await listen((request, response) => {
      response.writeHead(200, TYPE.headers).write('eyJ')
      request.socket.on('close', () => (isClosed = true))
    })
    expect(await shown(await getFrom(requestUri))).toBe('invalid_request_uri')
    await expect.poll(() => isClosed).toBe(true)
  })
})
