import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { createServer, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { json, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { tokensOf, WEB } from '../server/test-requests.fixture.js'
import { ISSUER, testServer } from '../server/test-server.fixture.js'
import { digest } from '../storage/digest.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import { clientCredentials } from '../token/grants/client-credentials.js'
import { toHonoGuard } from './hono.js'
import { toExpressGuard, toFastifyGuard, tokenOf, toNodeGuard, type GuardRequirements } from './node-guards.js'

type Api = (
  server: AuthorizationServer,
  requirements: GuardRequirements,
) => Promise<(path: string, init?: RequestInit) => Promise<Response>>

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listen(listener: RequestListener): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const http = createServer(listener)
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  closing.push(() => (http.closeAllConnections(), http.close()))
  const address = http.address()
  const port = typeof address === 'object' ? address?.port : 0
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init)
}

const HOSTS: Readonly<Record<string, Api>> = {
  Node: (server, requirements) => {
    const guard = toNodeGuard(server, requirements)
    return listen((request, response) => {
      void guard(request, response).then((token) => token && response.end(`${token.userId} ${tokenOf(request).clientId}`))
    })
  },
  Express: (server, requirements) =>
    listen(
      express()
        .use('/api', toExpressGuard(server, requirements))
        .use(express.urlencoded())
        .all('/api/items', (request, response) => void response.send(`${tokenOf(request).userId} ${tokenOf(request).clientId}`)),
    ),
  'Express, behind a body parser': (server, requirements) =>
    listen(
      express()
        .use(express.urlencoded())
        .all('/api/items', toExpressGuard(server, requirements), (request, response) => {
          response.send(`${tokenOf(request).userId} ${tokenOf(request).clientId}`)
        }),
    ),
  Fastify: async (server, requirements) => {
    const app = fastify()
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
    )
    app.all('/api/items', { preHandler: toFastifyGuard(server, requirements) }, (request) => {
      const { userId, clientId } = tokenOf(request)
      return `${userId} ${clientId}`
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(() => app.close())
    return (path, init) => fetch(address + path, init)
  },
  Hono: (server, requirements) => {
    const app = new Hono().use('/api/*', toHonoGuard(server, requirements)).all('/api/items', async (context) => {
      const { userId, clientId } = context.get('token')
      return context.text(`${userId} ${clientId}`)
    })
    return Promise.resolve((path, init) => Promise.resolve(app.request(path, init)))
  },
  'Hono, behind a handler that read the body': (server, requirements) => {
    const app = new Hono()
      .use(async (context, next) => {
        await context.req.text()
        await next()
      })
      .all('/api/items', toHonoGuard(server, requirements), (context) =>
        context.text(`${context.get('token').userId} ${context.get('token').clientId}`),
      )
    return Promise.resolve((path, init) => Promise.resolve(app.request(path, init)))
  },
}

for (const [host, start] of Object.entries(HOSTS)) {
  describe(`a guard for ${host}`, () => {
    it('lets a valid token through, from the header, a form or the query', async () => {
      const { server } = await testServer()
      const { access_token: token = '' } = await tokensOf(server)
      const send = await start(server, { scope: 'openid' })
      const responses = [
        await send('/api/items', { headers: { authorization: `Bearer ${token}` } }),
        await send('/api/items', { method: 'POST', body: new URLSearchParams({ access_token: token, a: '1' }) }),
        await send(`/api/items?access_token=${token}`),
      ]
      for (const response of responses) expect([response.status, await response.text()]).toEqual([200, 'alice spa'])
      expect(responses[2]?.headers.get('cache-control')).toBe('private')
      expect(responses[0]?.headers.get('cache-control')).not.toBe('private')
    })

    it('refuses every other request with the response of RFC 6750', async () => {
      const { server } = await testServer()
      const { access_token: token = '' } = await tokensOf(server)
      const send = await start(server, { scope: 'openid admin', places: ['header', 'body'] })
      const none = await send('/api/items')
      expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer realm=/)])
      expect((await send(`/api/items?access_token=${token}`)).status).toBe(401)
      const wrong = await send('/api/items', { headers: { authorization: 'Bearer wrong' } })
      expect([wrong.status, await wrong.json()]).toMatchObject([401, { error: 'invalid_token' }])
      const less = await send('/api/items', { headers: { authorization: `Bearer ${token}` } })
      expect([less.status, await less.json()]).toMatchObject([403, { error: 'insufficient_scope' }])
      const twice = { method: 'POST', headers: { authorization: `Bearer ${token}` } }
      const both = await send('/api/items', { ...twice, body: new URLSearchParams({ access_token: token }) })
      // A body that no parser has read is left alone if the header has a token.
      expect([400, 403]).toContain(both.status)
    })
  })
}

describe('a guard', () => {
  it('responds with 500 if the store fails, and tells the host', async () => {
    const errors: unknown[] = []
    const stores = storesOver(memoryStore())
    const broken = { ...stores, accessTokens: { ...stores.accessTokens, findByToken: () => Promise.reject(new Error('down')) } }
    const { server } = await testServer({ stores: broken, hooks: { onError: (error) => void errors.push(error) } })
    for (const host of ['Node', 'Express', 'Fastify', 'Hono']) {
      const send = await HOSTS[host]?.(server, {})
      expect((await send?.('/api/items', { headers: { authorization: 'Bearer x' } }))?.status, host).toBe(500)
    }
    expect(errors.length).toBeGreaterThanOrEqual(3)
  })

  it.each([
    'GET /api/items HTTP/1.1\r\nHost: [',
    'GET /api/items HTTP/1.1\r\nHost: a b',
    'GET /api/items HTTP/1.1\r\nHost: a:b@c',
    'GET http://[ HTTP/1.1\r\nHost: a',
    'GET http://a:b@c/api/items HTTP/1.1\r\nHost: a',
    'TRACE /api/items HTTP/1.1\r\nHost: a',
  ])('responds to %j with 400 and reports no error to the host', async (head) => {
    const errors: unknown[] = []
    const { server } = await testServer({ hooks: { onError: (error) => void errors.push(error) } })
    const guard = toNodeGuard(server)
    const send = await listen((request, response) => void guard(request, response))
    const port = Number(new URL((await send('/')).url).port)
    const socket = connect(port, '127.0.0.1')
    socket.end(`${head}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`)
    const [status] = (await socket.setEncoding('utf8').toArray()).join('').split('\r\n', 1)
    expect([status, errors]).toEqual(['HTTP/1.1 400 Bad Request', []])
  })

  it('reads the form that a handler of Hono has read as form data', async () => {
    const { server } = await testServer()
    const { access_token: token = '' } = await tokensOf(server)
    for (const read of ['formData', 'parseBody', 'arrayBuffer', 'text'] as const) {
      const app = new Hono()
        .use(async (context, next) => (void (await context.req[read]()), next()))
        .post('/', toHonoGuard(server), (context) => context.text(context.get('token').clientId))
      const body = new URLSearchParams({ access_token: token })
      expect(await (await app.request('/', { method: 'POST', body })).text(), read).toBe('spa')
    }
  })

  it('refuses unknown requirements when it is created', async () => {
    const { server } = await testServer()
    const typo = { scopes: 'admin' } as GuardRequirements
    for (const create of [toNodeGuard, toExpressGuard, toFastifyGuard, toHonoGuard])
      expect(() => create(server, typo)).toThrow(/Did you mean "scope"/)
  })
})

describe('a guard that gets a DPoP proof which another API has received', () => {
  const ORIGIN = 'https://api.example'

  async function boundRequest(htu: string): Promise<{ server: AuthorizationServer; headers: string }> {
    const { server, clock } = await testServer({ grants: [clientCredentials()] })
    const key = await dpopKey(clock)
    const request = tokenRequest({ ...WEB, grant_type: 'client_credentials', scope: 'email' }, { dpop: await key.proof() })
    const { access_token: token = '' } = await json(await server.fetch(request))
    const proof = await key.proof({ htm: 'GET', htu, ath: await digest(token) })
    return { server, headers: `Authorization: DPoP ${token}\r\nDPoP: ${proof}` }
  }

  async function statusOf(
    server: AuthorizationServer,
    requirements: GuardRequirements,
    head: string,
  ): Promise<string | undefined> {
    const guard = toNodeGuard(server, requirements)
    const send = await listen((request, response) => {
      void guard(request, response).then((token) => token && response.end('data'))
    })
    const socket = connect(Number(new URL((await send('/')).url).port), '127.0.0.1')
    socket.write(`${head}\r\nConnection: close\r\n\r\n`)
    return (await socket.setEncoding('utf8').toArray()).join('').split(' ')[1]
  }

  it.each([
    ['an absolute target', 'GET https://evil.example/items', 'api.example', '400'],
    ['two slashes', 'GET //evil.example/items', 'api.example', '401'],
    ['a backslash', 'GET /\\evil.example/items', 'api.example', '400'],
    ['another Host', 'GET /items', 'evil.example', '401'],
  ])('refuses it with its "origin" set: %s', async (_, target, host, status) => {
    const { server, headers } = await boundRequest('https://evil.example/items')
    expect(await statusOf(server, { origin: ORIGIN }, `${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}`)).toBe(status)
  })

  it.each([
    [{}, 401],
    [{ origin: ORIGIN }, 401],
    [{ origin: 'https://evil.example' }, 200],
    [{ url: 'https://evil.example/items' }, 200],
  ])('refuses it behind Hono, where the host of the URL is from the same header: %j', async (requirements, status) => {
    const { server, headers } = await boundRequest('https://evil.example/items')
    const [authorization = '', dpop = ''] = headers.split('\r\n').map((line) => line.slice(line.indexOf(' ') + 1))
    const app = new Hono().use(toHonoGuard(server, requirements)).get('/items', (context) => context.text('data'))
    expect((await app.request('https://evil.example/items', { headers: { authorization, dpop } })).status).toBe(status)
  })

  it('refuses it without "origin", because the sender chooses the Host', async () => {
    const { server, headers } = await boundRequest('http://evil.example/items')
    expect(await statusOf(server, {}, `GET /items HTTP/1.1\r\nHost: evil.example\r\n${headers}`)).toBe('401')
  })

  it.each([
    [{ origin: ORIGIN }, `${ORIGIN}/items`, 'inside:8080'],
    [{}, 'http://localhost:8080/items', 'localhost:8080'],
    [{}, `http://${new URL(ISSUER).host}/items`, new URL(ISSUER).host],
  ])('accepts its own proofs: %j, %s', async (requirements, htu, host) => {
    const { server, headers } = await boundRequest(htu)
    expect(await statusOf(server, requirements, `GET /items?a=1 HTTP/1.1\r\nHost: ${host}\r\n${headers}`)).toBe('200')
  })

  it('refuses an invalid "origin" when it is created', async () => {
    const { server } = await testServer()
    for (const create of [toNodeGuard, toExpressGuard, toFastifyGuard, toHonoGuard])
      expect(() => create(server, { origin: 'https://api.example/' })).toThrow(/"origin" must be an origin/)
  })
})

describe('a guard that gets the token of another API', () => {
  const tokenFor = async (resource: string): Promise<{ readonly server: AuthorizationServer; readonly init: RequestInit }> => {
    const { server } = await testServer()
    const { access_token: token } = await tokensOf(server, testBrowser(server), { resource })
    return { server, init: { headers: { authorization: `Bearer ${token}` } } }
  }

  it.each(Object.keys(HOSTS))('refuses it, whatever host the sender names: %s', async (host) => {
    const { server, init } = await tokenFor('https://a.example/')
    const statuses = async (requirements: GuardRequirements): Promise<number[]> => {
      const send = await HOSTS[host]?.(server, requirements)
      const paths = host.startsWith('Hono') ? ['/api/items', 'https://a.example/api/items'] : ['/api/items']
      return Promise.all(paths.map(async (path) => (await send?.(path, init))?.status ?? 0))
    }
    expect(new Set(await statuses({}))).toEqual(new Set([401]))
    expect(new Set(await statuses({ origin: 'https://b.example' }))).toEqual(new Set([401]))
    expect(new Set(await statuses({ origin: 'https://a.example' }))).toEqual(new Set([200]))
    expect(new Set(await statuses({ resource: 'https://a.example/' }))).toEqual(new Set([200]))
    expect(new Set(await statuses({ resource: 'any' }))).toEqual(new Set([200]))
  })

  it('names the option that it needs', async () => {
    const { server, init } = await tokenFor('https://a.example/')
    const app = new Hono().use(toHonoGuard(server)).get('/items', (context) => context.text('data'))
    const response = await app.request('https://a.example/items', init)
    expect([response.status, await response.text()]).toEqual([401, expect.stringMatching(/origin.*resource/)])
  })
})
