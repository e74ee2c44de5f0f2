import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { createServer, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sha256 } from '../dpop/verify-proof.js'
import { createTokenVerifier, type TokenVerifier } from '../verifier/create-token-verifier.js'
import type { TokenRequirements } from '../verifier/requirements.js'
import { API, ISSUER, proofKey, testClock, testIssuer, type TestIssuer } from '../verifier/test-issuer.fixture.js'
import type { TokenVerifierOptions } from '../verifier/verifier-options.js'
import { toExpressGuard, toExpressMetadata, tokenOf } from '../express.js'
import { toFastifyGuard, toFastifyMetadata } from '../fastify.js'
import { toHonoGuard, toHonoMetadata } from '../hono.js'
import { guardRoute, metadataRoute } from '../next.js'
import { createLogoutChannel } from '../logout.js'
import { sendResponse, toNodeGuard, toNodeMetadataHandler } from '../node.js'

type Claims = { readonly sub: string }
type Verifier = TokenVerifier<Claims>
type Send = (path: string, init?: RequestInit) => Promise<Response>
type Api = (verifier: Verifier, requirements: TokenRequirements) => Promise<Send>

const clock = testClock()
const closing: Array<() => unknown> = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function world(options: Partial<TokenVerifierOptions<Claims>> = {}): Promise<{ issuer: TestIssuer; verifier: Verifier }> {
  const issuer = await testIssuer(clock)
  const claims = z.object({ sub: z.string() })
  const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, claims, now: clock.now, fetch: issuer.fetch, ...options })
  return { issuer, verifier }
}

async function listen(listener: RequestListener): Promise<Send> {
  const http = createServer(listener)
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  closing.push(() => (http.closeAllConnections(), http.close()))
  const address = http.address()
  const port = typeof address === 'object' ? address?.port : 0
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init)
}

const HOSTS: Readonly<Record<string, Api>> = {
  Node: (verifier, requirements) => {
    const guard = toNodeGuard(verifier, requirements)
    const metadata = toNodeMetadataHandler(verifier)
    return listen((request, response) => {
      const handle = async (): Promise<void> => {
        if (await metadata(request, response)) return
        const token = await guard(request, response)
        if (token) response.end(`${token.claims.sub} ${tokenOf(verifier, request).clientId}`)
      }
      void handle()
    })
  },
  Express: (verifier, requirements) =>
    listen(
      express()
        .use(toExpressMetadata(verifier))
        // Two guards: the second one must not refuse the proof as used.
        .use('/api', toExpressGuard(verifier))
        .use(express.urlencoded())
        .all('/api/items', toExpressGuard(verifier, requirements), (request, response) => {
          const token = tokenOf(verifier, request)
          response.send(`${token.claims.sub} ${token.clientId}`)
        }),
    ),
  'Express, behind a body parser': (verifier, requirements) =>
    listen(
      express()
        .use(toExpressMetadata(verifier))
        .use(express.urlencoded())
        .all('/api/items', toExpressGuard(verifier, requirements), (request, response) => {
          const token = tokenOf(verifier, request)
          response.send(`${token.claims.sub} ${token.clientId}`)
        }),
    ),
  Fastify: async (verifier, requirements) => {
    const app = fastify()
    app.addHook('onRequest', toFastifyMetadata(verifier))
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
    )
    app.all('/api/items', { preHandler: toFastifyGuard(verifier, requirements) }, (request) => {
      const { claims, clientId } = tokenOf(verifier, request)
      return `${claims.sub} ${clientId}`
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(() => app.close())
    return (path, init) => fetch(address + path, init)
  },
  Hono: (verifier, requirements) => {
    const app = new Hono()
      .use(toHonoMetadata(verifier))
      .use('/api/*', toHonoGuard(verifier))
      .all('/api/items', toHonoGuard(verifier, requirements), (context) => {
        const { claims, clientId } = context.get('token')
        return context.text(`${claims.sub} ${clientId}`)
      })
    return Promise.resolve((path, init) => Promise.resolve(app.request(`http://127.0.0.1${path}`, init)))
  },
  'Hono, behind a handler that read the body': (verifier, requirements) => {
    const app = new Hono()
      .use(toHonoMetadata(verifier))
      .use(async (context, next) => (void (await context.req.parseBody()), next()))
      .all('/api/items', toHonoGuard(verifier, requirements), (context) =>
        context.text(`${context.get('token').claims.sub} ${context.get('token').clientId}`),
      )
    return Promise.resolve((path, init) => Promise.resolve(app.request(`http://127.0.0.1${path}`, init)))
  },
  'route handlers of Next.js': (verifier, requirements) => {
    const route = guardRoute(verifier, requirements, (_request, token, context: { readonly params: string }) =>
      Promise.resolve(new Response(`${token.claims.sub} ${token.clientId}${context.params}`)),
    )
    const metadata = metadataRoute(verifier)
    return Promise.resolve((path, init) => {
      const request = new Request(`http://127.0.0.1${path}`, init)
      return path.startsWith('/.well-known/') ? Promise.resolve(metadata(request)) : route(request, { params: '' })
    })
  },
}

for (const [host, start] of Object.entries(HOSTS)) {
  describe(`a guard for ${host}`, () => {
    it('lets a valid token through, from the header, a form or the query', async () => {
      const { issuer, verifier } = await world({ places: ['header', 'body', 'query'] })
      const token = await issuer.token()
      const send = await start(verifier, { scope: 'orders:read' })
      const responses = [
        await send('/api/items', { headers: { authorization: `Bearer ${token}` } }),
        await send('/api/items', { method: 'POST', body: new URLSearchParams({ access_token: token, a: '1' }) }),
        await send(`/api/items?access_token=${token}`),
      ]
      for (const response of responses) expect([response.status, await response.text()]).toEqual([200, 'ada spa'])
      expect(responses[2]?.headers.get('cache-control')).toBe('private')
      expect(responses[0]?.headers.get('cache-control')).not.toBe('private')
    })

    it('refuses every other request with its challenge', async () => {
      const { issuer, verifier } = await world()
      const token = await issuer.token()
      const send = await start(verifier, { scope: 'admin', acrValues: 'mfa' })
      const results = await Promise.all(
        [undefined, 'wrong', `${token}x`, token].map(async (each) => {
          const headers = { ...(each !== undefined && { authorization: `Bearer ${each}` }) }
          const response = await send('/api/items', { headers })
          const [, error] = /error="(\w+)"/.exec(response.headers.get('www-authenticate') ?? '') ?? []
          return [response.status, error, response.headers.get('cache-control')]
        }),
      )
      expect(results).toEqual([
        [401, undefined, 'no-store'],
        [401, 'invalid_token', 'no-store'],
        [401, 'invalid_token', 'no-store'],
        [403, 'insufficient_scope', 'no-store'],
      ])
      expect((await send(`/api/items?access_token=${token}`)).status).toBe(401)
    })

    it('accepts a DPoP proof once', async () => {
      const { issuer, verifier } = await world()
      const key = await proofKey(clock)
      const token = await issuer.token({ cnf: { jkt: key.jkt } })
      const send = await start(verifier, { scope: 'orders:read' })
      const probe = new URL((await send('/api/items')).url || 'http://127.0.0.1/api/items')
      const dpop = await key.proof(token, { htu: probe.href, ath: await sha256(token) })
      const init = { headers: { authorization: `DPoP ${token}`, dpop } }
      expect((await send('/api/items?page=2', init)).status).toBe(200)
      const again = await send('/api/items', init)
      expect([again.status, again.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^DPoP .*used before/)])
    })

    it('challenges a DPoP request by its own scheme, whichever guard refuses it', async () => {
      const { issuer, verifier } = await world()
      const key = await proofKey(clock)
      const token = await issuer.token({ cnf: { jkt: key.jkt } })
      const send = await start(verifier, { scope: 'admin' })
      const probe = new URL((await send('/api/items')).url || 'http://127.0.0.1/api/items')
      const dpop = await key.proof(token, { htu: probe.href })
      const response = await send('/api/items', { headers: { authorization: `DPoP ${token}`, dpop } })
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringMatching(/^DPoP .*insufficient_scope/),
      ])
    })

    it('has the protected resource metadata beside it', async () => {
      const { verifier } = await world({ resource: `${API}/api` })
      const response = await (await start(verifier, {}))('/.well-known/oauth-protected-resource/api')
      expect([response.status, await response.json()]).toEqual([200, JSON.parse(JSON.stringify(verifier.metadata))])
    })

    it('refuses requirements that it does not know when it is created', async () => {
      const { verifier } = await world()
      const create = async (): Promise<unknown> => start(verifier, { scopes: 'admin' } as TokenRequirements)
      await expect(create()).rejects.toThrow(/"scopes" is unknown/)
    })
  })
}

describe('a guard for Node', () => {
  it.each([
    'GET /api/items HTTP/1.1\r\nHost: [',
    'GET /api/items HTTP/1.1\r\nHost: a b',
    'GET http://[ HTTP/1.1\r\nHost: a',
    'GET //evil.example/api HTTP/1.1\r\nHost: a',
    'GET /api/../admin HTTP/1.1\r\nHost: a',
    'GET /api/%2e%2e/admin HTTP/1.1\r\nHost: a',
    'GET http://a:b@c/api/items HTTP/1.1\r\nHost: a',
    'TRACE /api/items HTTP/1.1\r\nHost: a',
  ])('never responds to %j with 500, and lets it not through', async (head) => {
    const { verifier } = await world()
    const send = await HOSTS['Node']?.(verifier, {})
    const port = Number(new URL((await send?.('/'))?.url ?? '').port)
    const socket = connect(port, '127.0.0.1')
    socket.write(`${head}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`)
    const [status] = (await socket.setEncoding('utf8').toArray()).join('').split('\r\n', 1)
    expect(status).toMatch(/^HTTP\/1.1 40[01]/)
  })

  it('leaves a body unread that is no form', async () => {
    const { issuer, verifier } = await world({ places: ['header', 'body'] })
    const guard = toNodeGuard(verifier)
    const send = await listen((request, response) => {
      const handle = async (): Promise<void> => {
        if (await guard(request, response)) for await (const chunk of request) response.write(chunk)
        response.end()
      }
      void handle()
    })
    const headers = { authorization: `Bearer ${await issuer.token()}`, 'content-type': 'application/json' }
    expect(await (await send('/', { method: 'POST', headers, body: '{"a":1}' })).text()).toBe('{"a":1}')
  })

  it('throws for a request that no guard has accepted', async () => {
    const { verifier } = await world()
    expect(() => tokenOf(verifier, {})).toThrow(/no guard of this verifier/)
  })

  it('sends the stream of a logout channel, until the tab is notified or closed', async () => {
    const channel = createLogoutChannel()
    const send = await listen((_request, response) => void sendResponse(response, channel.open({ issuer: ISSUER, sub: 'ada' })))
    const closed = await send('/')
    await closed.body?.cancel()
    await expect.poll(() => channel.size).toBe(0)
    const open = await send('/')
    channel.publish({ issuer: ISSUER, sub: 'ada', sid: undefined })
    expect([open.headers.get('content-type'), await open.text()]).toEqual(['text/event-stream', ':\n\nevent: logout\ndata:\n\n'])
  })
})
