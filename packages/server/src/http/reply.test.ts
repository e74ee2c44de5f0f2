import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { toNodeHandler } from '../adapters/node.js'
import type { Feature } from '../features/feature.js'
import { ISSUER, testServer } from '../server/test-server.fixture.js'
import { Reply, toResponse, withHeaders } from './reply.js'

/** Routes that return a text, and the same as a `Response`. */
const routes: Feature = {
  name: 'test',
  routes: [
    {
      path: '/reply',
      methods: ['GET'],
      audience: 'script',
      handle: async ({ headers }) => {
        headers.append('set-cookie', 'a=1')
        headers.append('set-cookie', 'b=2')
        return new Reply('{}', 200, { 'content-type': 'application/json', vary: 'Accept' })
      },
    },
    {
      path: '/response',
      methods: ['GET'],
      audience: 'script',
      handle: async ({ headers }) => {
        headers.append('set-cookie', 'a=1')
        headers.append('set-cookie', 'b=2')
        return new Response('{}', { headers: { 'content-type': 'application/json', vary: 'Accept' } })
      },
    },
  ],
}
const ORIGIN = 'https://app.example'

it('a header that cannot be sent is an error of the server, not a rejection', async () => {
  const refused: Feature = {
    name: 'test',
    routes: [
      {
        path: '/reply',
        methods: ['GET'],
        audience: 'script',
        handle: async ({ headers }) => {
          headers.set('x-name', '\u65E5')
          return new Reply('{}', 200, {})
        },
      },
    ],
  }
  const errors: unknown[] = []
  const { server } = await testServer({ features: [refused], hooks: { onError: (error) => void errors.push(error) } })
  const response = await server.fetch(new Request(`${ISSUER}/reply`))
  expect([response.status, errors.length]).toEqual([500, 1])
})

it.each([new Reply(null, 200, { 'set-cookie': 'a=1' }), new Response(null, { headers: { 'set-cookie': 'a=1' } })])(
  'a result keeps its own cookies beside added ones',
  (result) => {
    const added = new Headers([
      ['set-cookie', 'b=2'],
      ['set-cookie', 'c=3'],
    ])
    expect(toResponse(withHeaders(result, added)).headers.getSetCookie()).toEqual(['a=1', 'b=2', 'c=3'])
  },
)

describe.each(['/reply', '/response'])('a route that returns a result (%s)', (path) => {
  const send = async (init: RequestInit, options = {}): Promise<Response> =>
    (await testServer({ features: [routes], ...options })).server.fetch(new Request(ISSUER + path, init))

  it('sends its headers with those of the request', async () => {
    const response = await send({})
    expect([await response.text(), response.status]).toEqual(['{}', 200])
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('vary')).toBe('Accept')
  })

  it('names the origin of a script only if it is allowed', async () => {
    const options = { corsOrigin: [ORIGIN] }
    const allowed = await send({ headers: { origin: ORIGIN } }, options)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(allowed.headers.get('vary')).toBe('Accept, Origin')
    const refused = await send({ headers: { origin: 'https://evil.example' } }, options)
    expect(refused.headers.has('access-control-allow-origin')).toBe(false)
    expect(refused.headers.get('vary')).toBe('Accept, Origin')
  })

  it('has no body for HEAD, and a preflight response without running', async () => {
    const head = await send({ method: 'HEAD' })
    expect([await head.text(), head.status, head.headers.get('content-type')]).toEqual(['', 200, 'application/json'])
    const preflight = await send({ method: 'OPTIONS', headers: { origin: ORIGIN } })
    expect([preflight.status, preflight.headers.getSetCookie()]).toEqual([204, []])
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
    expect(preflight.headers.get('vary')).toBe('Access-Control-Request-Headers')
  })

  it('is the same through the adapter for Node, with a length', async () => {
    const { server } = await testServer({ features: [routes] })
    const fetchOverHttp = await listen(toNodeHandler(server))
    const response = await fetchOverHttp(`/oauth${path}`)
    expect(await response.text()).toBe('{}')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('content-length')).toBe('2')
    const head = await fetchOverHttp(`/oauth${path}`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
})

describe('the adapter for Node', () => {
  it('calls the "fetch" of a host that wraps the server', async () => {
    const { server } = await testServer()
    const wrapped = { ...server, fetch: async (): Promise<Response> => new Response('wrapped') }
    expect(await (await (await listen(toNodeHandler(wrapped)))('/oauth/jwks')).text()).toBe('wrapped')
  })
})

async function listen(
  handler: ReturnType<typeof toNodeHandler>,
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const http = createServer((request, response) => void handler(request, response))
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  http.unref()
  return (path, init) => fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`, init)
}
