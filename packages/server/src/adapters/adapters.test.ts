import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { createServer, type RequestListener, type Server } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import type { SiteAdapter } from '../site/site-adapter.js'
import { userSite } from '../site/user-site.js'
import { freePort } from '../storage/real-server.fixture.js'
import { asPage, authorizePath, json, locationOf, testBrowser } from '../server/test-browser.fixture.js'
import { ALICE, testServer } from '../server/test-server.fixture.js'
import { toFetchHandler, toHonoMiddleware } from './hono.js'
import { toFastifyHook, toNodeHandler, toNodeMiddleware } from './node.js'

interface Mounted {
  readonly fetch: (request: Request) => Promise<Response>
  readonly close: () => Promise<unknown>
}

async function listen(
  make: (server: AuthorizationServer) => RequestListener,
): Promise<(server: AuthorizationServer, port: number) => Promise<Mounted>> {
  return async (server, port) => {
    const http: Server = createServer(make(server))
    await new Promise<void>((resolve) => void http.listen(port, '127.0.0.1', resolve))
    const close = (): Promise<unknown> => {
      http.closeAllConnections()
      return new Promise((resolve) => http.close(resolve))
    }
    return { fetch: (request) => fetch(request, { redirect: 'manual' }), close }
  }
}

type Mount = (server: AuthorizationServer, port: number) => Promise<Mounted>

const MOUNTS: Readonly<Record<string, () => Promise<Mount>>> = {
  'Node http': () => listen((server) => (request, response) => void toNodeHandler(server)(request, response)),
  // A body parser follows the middleware; it must not read the bodies first.
  Express: () =>
    listen((server) =>
      express()
        .use(toNodeMiddleware(server))
        .use(express.urlencoded())
        .get('/app', (_, response) => void response.send('the app')),
    ),
  'Express, under the path of the issuer': () =>
    listen((server) =>
      express()
        .use('/oauth', toNodeMiddleware(server))
        .get('/app', (_, response) => void response.send('the app')),
    ),
  'an Express router': () =>
    listen((server) =>
      express()
        .use('/oauth', express.Router().use(toNodeMiddleware(server)))
        .get('/app', (_, response) => void response.send('the app')),
    ),
  Fastify: () =>
    Promise.resolve(async (server: AuthorizationServer, port: number) => {
      const app = fastify().get('/app', () => 'the app')
      app.addHook('onRequest', toFastifyHook(server))
      await app.listen({ port, host: '127.0.0.1' })
      return { fetch: (request: Request) => fetch(request, { redirect: 'manual' }), close: () => app.close() }
    }),
  Hono: () =>
    Promise.resolve((server: AuthorizationServer) => {
      const app = new Hono().use(toHonoMiddleware(server)).get('/app', (context) => context.text('the app'))
      return Promise.resolve({ fetch: async (request: Request) => app.fetch(request), close: () => Promise.resolve() })
    }),
  'Hono, under the path of the issuer': () =>
    Promise.resolve((server: AuthorizationServer) => {
      const app = new Hono()
        .mount('/oauth', (request) => server.fetch(request), { replaceRequest: false })
        .get('/app', (context) => context.text('the app'))
      return Promise.resolve({ fetch: async (request: Request) => app.fetch(request), close: () => Promise.resolve() })
    }),
  'plain fetch': () =>
    Promise.resolve((server: AuthorizationServer) => {
      const handle = toFetchHandler(server)
      return Promise.resolve({
        fetch: async (request: Request) => (await handle(request)) ?? new Response('the app'),
        close: () => Promise.resolve(),
      })
    }),
}

describe('adapters', () => {
  for (const [name, mountOf] of Object.entries(MOUNTS)) {
    it(`run the main flow on ${name}`, async () => {
      // covers C-088, C-089, C-091, C-092, C-093
      const port = await freePort()
      const issuer = `http://127.0.0.1:${port}/oauth`
      const { server } = await testServer({ issuer, now: Date.now })
      const mounted = await (await mountOf())(server, port)
      const browser = testBrowser({ ...server, fetch: mounted.fetch }, issuer)
      const page = await asPage(await browser.get(authorizePath()), issuer)
      const callback = locationOf(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'spa',
        redirect_uri: 'https://app.example/callback',
        code: callback.searchParams.get('code') ?? '',
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      })
      const tokens = await json(await mounted.fetch(new Request(`${issuer}/token`, { method: 'POST', body })))
      const headers = { authorization: `Bearer ${tokens['access_token']}` }
      const info = await json(await mounted.fetch(new Request(`${issuer}/userinfo`, { headers })))
      expect(info['name']).toBe('Alice Liddell')
      if (name !== 'Node http')
        expect(await (await mounted.fetch(new Request(`http://127.0.0.1:${port}/app`))).text()).toBe('the app')
      await mounted.close()
    })
  }

  for (const name of ['Node http', 'Express', 'Fastify']) {
    it(`pass Node's request and response on as "env" on ${name}`, async () => {
      // covers C-008, C-088
      const seen: unknown[] = []
      const port = await freePort()
      const issuer = `http://127.0.0.1:${port}/oauth`
      const known = userSite({ users: [ALICE] })
      const site: SiteAdapter = {
        ...known,
        authenticate(interaction) {
          seen.push(interaction.env)
          return known.authenticate(interaction)
        },
      }
      const { server } = await testServer({ issuer, now: Date.now, site })
      const mounted = await (await MOUNTS[name]?.())?.(server, port)
      await mounted?.fetch(new Request(new URL(authorizePath(), issuer), { headers: { 'x-tenant': '7' } }))
      await mounted?.close()
      expect(seen).toHaveLength(1)
      expect(seen[0]).toMatchObject({ incoming: { headers: { 'x-tenant': '7' } }, outgoing: { statusCode: 200 } })
    })
  }
})
