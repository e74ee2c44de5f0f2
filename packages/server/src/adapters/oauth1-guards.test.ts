import express from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import { Hono } from 'hono'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createOAuth1Client } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'
import { authorize, oauth1World } from '../features/oauth1/oauth1.fixture.js'
import { createAuthorizationServer } from '../server/create-server.js'
import type { OAuth1Server } from '../server/create-oauth1-server.js'
import { ALICE, SPA, testKeys } from '../server/test-server.fixture.js'
import { userSite } from '../site/user-site.js'
import { toHonoOAuth1Guard } from './oauth1-hono-guard.js'
import { toExpressGuard } from './node-guards.js'
import { oauth1Of, toExpressOAuth1Guard, toFastifyOAuth1Guard, toNodeOAuth1Guard } from './oauth1-node-guards.js'

/** Starts an API. @returns its origin, and its `fetch` if it is not on the network */
type Api = (server: OAuth1Server) => Promise<{ readonly origin: string; readonly fetch?: typeof fetch }>

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listen(listener: RequestListener): Promise<{ origin: string }> {
  const http = createServer(listener)
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  closing.push(() => (http.closeAllConnections(), http.close()))
  return { origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }
}

async function listenTo(app: FastifyInstance): Promise<{ origin: string }> {
  closing.push(() => app.close())
  return { origin: await app.listen({ port: 0, host: '127.0.0.1' }) }
}

const keepRawBody = (request: IncomingMessage, _: unknown, rawBody: Buffer) => void Object.assign(request, { rawBody })

async function sizeOf(request: IncomingMessage): Promise<number> {
  let size = 0
  for await (const chunk of request) size += (chunk as Buffer).byteLength
  return size
}

function parseForm(app: FastifyInstance): FastifyInstance {
  const parse = (body: string | Buffer) => Object.fromEntries(new URLSearchParams(body.toString()))
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => done(null, parse(body)))
  app.addContentTypeParser('image/jpeg', { parseAs: 'buffer', bodyLimit: 9_000_000 }, (_, body, done) => done(null, body))
  return app
}

const HOSTS: Readonly<Record<string, Api>> = {
  Node: (server) => {
    const guard = toNodeOAuth1Guard(server)
    return listen((request, response) => {
      const answer = async (): Promise<void> => {
        const access = await guard(request, response)
        if (!access) return
        const { title } = ('body' in request ? request.body : {}) as { title?: string }
        response.end(`${access.userId} ${title ?? (await sizeOf(request))}`)
      }
      void answer()
    })
  },
  Express: (server) =>
    listen(
      express()
        .use('/api', toExpressOAuth1Guard(server))
        .use(express.urlencoded())
        .all('/api/items', (request: express.Request<object, string, { title?: string } | undefined>, response) => {
          void Promise.resolve(request.body?.title ?? sizeOf(request)).then((seen) =>
            response.send(`${oauth1Of(request).userId} ${seen}`),
          )
        }),
    ),
  'Express, behind a body parser that keeps the bytes': (server) =>
    listen(
      express()
        .use(express.urlencoded({ verify: keepRawBody }))
        .all('/api/items', toExpressOAuth1Guard(server), (request, response) => {
          const { title } = (request.body ?? {}) as { title?: string }
          void Promise.resolve(title ?? sizeOf(request)).then((seen) => response.send(`${oauth1Of(request).userId} ${seen}`))
        }),
    ),
  'Fastify, before its parser': (server) => {
    const app = parseForm(fastify())
    app.all('/api/items', { preParsing: toFastifyOAuth1Guard(server) }, (request) => {
      const { body } = request
      const seen = Buffer.isBuffer(body) ? body.byteLength : ((body as { title?: string } | undefined)?.title ?? 0)
      return `${oauth1Of(request).userId} ${seen}`
    })
    return listenTo(app)
  },
  Hono: async (server) => {
    const app = new Hono().use('/api/*', toHonoOAuth1Guard(server)).all('/api/items', async (context) => {
      const isForm = context.req.header('content-type')?.startsWith('application/x-www')
      const { title } = isForm ? await context.req.parseBody<{ title: string }>() : {}
      const seen = title ?? (await context.req.arrayBuffer()).byteLength
      return context.text(`${context.get('oauth1').userId} ${seen}`)
    })
    return { origin: 'http://127.0.0.1:4000', fetch: async (input, init) => app.fetch(new Request(input, init)) }
  },
}

/** A client with a token for an API. */
async function clientOf(
  start: Api,
  options: Parameters<typeof oauth1World>[0] = {},
  clientOptions: Partial<Parameters<typeof createOAuth1Client>[0]> = {},
) {
  const errors: string[] = []
  const serverHooks = { onError: (error: unknown) => void errors.push(String(error)) }
  const world = oauth1World({ now: Date.now, serverHooks, ...options }, { now: Date.now })
  await authorize(world)
  const { accessToken, response } = world.client.getTokenSet() ?? expect.fail('no session')
  const api = await start(world.server)
  const client = createOAuth1Client({
    consumerKey: 'photos',
    consumerSecret: 'printer secret',
    token: { token: accessToken, tokenSecret: String(response['oauth_token_secret']) },
    resources: [api.origin],
    storage: memory(),
    fetch: api.fetch ?? fetch,
    ...clientOptions,
  })
  const send = async (path: string, init?: RequestInit): Promise<[number, string]> => {
    const answer = await client.fetch(api.origin + path, init)
    return [answer.status, await answer.text()]
  }
  return { send, errors, api }
}

const form = () => ({ method: 'POST', body: new URLSearchParams({ title: 'Ä & b' }) })
const image = () => ({ method: 'POST', body: new Blob([new Uint8Array(2_000_000)], { type: 'image/jpeg' }) })

describe('a JSON body that a signature covers by its hash', () => {
  const json = (body: string) => ({ method: 'POST', body, headers: { 'content-type': 'application/json; charset=utf-8' } })

  it.each([
    ['before express.json()', (guard: express.RequestHandler) => express().use(guard, express.json())],
    [
      'behind express.json(), which keeps the bytes',
      (guard: express.RequestHandler) => express().use(express.json({ verify: keepRawBody }), guard),
    ],
  ])('is the handler’s with the guard %s', async (_name, hostOf) => {
    const start: Api = (server) =>
      listen(hostOf(toExpressOAuth1Guard(server)).post('/items', (request, response) => void response.json(request.body)))
    const { send } = await clientOf(start, {}, { bodyHash: true })
    expect(await send('/items', json('{"title":"Ä"}'))).toEqual([200, '{"title":"Ä"}'])
    expect((await send('/items', json('{')))[0]).toBe(400)
  })
})

for (const [host, start] of Object.entries(HOSTS)) {
  describe(`a guard of OAuth 1.0a for ${host}`, () => {
    it('lets signed requests through, and leaves their body to the handler', async () => {
      const { send, errors } = await clientOf(start)
      expect([await send('/api/items?a=1&a=0'), await send('/api/items', form()), await send('/api/items', image())]).toEqual([
        [200, 'alice 0'],
        [200, 'alice Ä & b'],
        [200, 'alice 2000000'],
      ])
      expect(errors).toEqual([])
    })

    it('refuses every other request, and bodies over the limit', async () => {
      const { send, api } = await clientOf(start, { maxBodySize: 50 })
      const bare = await (api.fetch ?? fetch)(`${api.origin}/api/items`)
      expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([400, expect.stringContaining('OAuth realm=')])
      const headers = { authorization: 'OAuth oauth_consumer_key="other"' }
      expect((await (api.fetch ?? fetch)(`${api.origin}/api/items`, { headers })).status).toBe(401)
      const large = { method: 'POST', body: new URLSearchParams({ title: 'x'.repeat(100) }) }
      expect((await send('/api/items', large))[0]).toBe(413)
    })
  })
}

describe('a guard of OAuth 1.0a', () => {
  it.each<[string, Api]>([
    ['Express', (server) => listen(express().use(express.urlencoded()).all('/api/items', toExpressOAuth1Guard(server)))],
    [
      'Fastify',
      (server) => listenTo(parseForm(fastify()).all('/api/items', { preHandler: toFastifyOAuth1Guard(server) }, () => 'open')),
    ],
    [
      'Hono',
      async (server) => {
        const app = new Hono()
          .use(async (context, next) => {
            await context.req.raw.formData()
            await next()
          })
          .all('/api/items', toHonoOAuth1Guard(server), (context) => context.text('open'))
        return { origin: 'http://127.0.0.1:4000', fetch: async (input, init) => app.fetch(new Request(input, init)) }
      },
    ],
  ])('says what to do if a parser has taken the bytes of a form: %s', async (_, start) => {
    const { send, errors } = await clientOf(start)
    expect((await send('/api/items', form()))[0]).toBe(500)
    expect(errors.join()).toContain('the bytes that were signed are lost')
  })

  it('knows the origin behind a proxy', async () => {
    const { send } = await clientOf(async (server) => {
      const app = new Hono().use(toHonoOAuth1Guard(server, { origin: 'https://api.example' })).all('/*', (c) => c.text('open'))
      const inside = (request: Request) => new Request(request.url.replace('https://api.example', 'http://10.0.0.1'), request)
      return { origin: 'https://api.example', fetch: async (input, init) => app.fetch(inside(new Request(input, init))) }
    })
    expect(await send('/api/items?x=1')).toEqual([200, 'open'])
  })

  it('refuses servers and requirements that cannot work', async () => {
    const { server } = oauth1World()
    expect(() => toExpressOAuth1Guard(server, { withoutTokens: true } as object)).toThrow('"withoutToken"')
    expect(() => toExpressGuard(server as never)).toThrow('toExpressOAuth1Guard')
    // Every request would be verified as that one.
    const url = { url: 'https://api.example/' } as object
    for (const guard of [toExpressOAuth1Guard, toNodeOAuth1Guard, toFastifyOAuth1Guard, toHonoOAuth1Guard])
      expect(() => guard(server, url)).toThrow('"origin"')
    const bare = createAuthorizationServer({
      issuer: 'https://a.example',
      clients: [SPA],
      site: userSite({ users: [ALICE] }),
      keys: await testKeys(),
    })
    expect(() => toHonoOAuth1Guard(bare)).toThrow('oauth1()')
    expect(() => oauth1Of({} as IncomingMessage)).toThrow('no guard')
  })
})
