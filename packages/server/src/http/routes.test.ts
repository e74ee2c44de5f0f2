import { registration } from '../features/registration/registration.js'
import { describe, expect, it } from 'vitest'
import { device } from '../features/device/device.js'
import { authorizePath, signIn, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { contextOf } from '../server/context-of.js'
import { fetchOf } from './reply.js'
import { createRoutes } from './routes.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { userSite } from '../site/user-site.js'
import { ALICE, ISSUER, testServer } from '../server/test-server.fixture.js'

describe('a server on the host of an app', () => {
  const issuer = 'https://app.example'
  const handles = async (options: Parameters<typeof testServer>[0], path: string): Promise<boolean> =>
    (await testServer({ issuer, ...options })).server.handles(new URL(path, issuer))

  it('leaves paths of absent endpoints to the app', async () => {
    for (const path of ['/register', '/register/1', '/device', '/device_authorization', '/', '/nothing'])
      expect(await handles({}, path), path).toBe(false)
    expect(await handles({}, '/token')).toBe(true)
  })

  it('handles them if it has the endpoint', async () => {
    const registering = { features: [registration()], clients: clientStore(memoryStore()) }
    for (const path of ['/register', '/register/1']) expect(await handles(registering, path), path).toBe(true)
    for (const path of ['/device', '/device_authorization'])
      expect(await handles({ features: [device()] }, path), path).toBe(true)
  })
})

describe('a path with several routes', () => {
  it.each(['script', 'page'] as const)('names the methods of all of them to another method: %s', async (audience) => {
    const handle = (): Promise<Response> => Promise.resolve(new Response('ok'))
    const routes = [['GET'], ['POST', 'GET'], ['DELETE']].map((methods) => ({ path: '/notes', methods, handle, audience }))
    // Features cannot share a path so far.
    const send = fetchOf(createRoutes(contextOf((await testServer()).server), routes, '*'))
    const response = await send(new Request(`${ISSUER}/notes`, { method: 'PATCH' }))
    const last = audience === 'script' ? ', OPTIONS' : ''
    expect([response.status, response.headers.get('allow')]).toEqual([405, `GET, POST, DELETE${last}`])
  })
})

describe('an unexpected error', () => {
  it('gets a response even if the listeners for errors and events fail too', async () => {
    // covers C-009
    const broken = (): never => {
      throw new Error('the log is full')
    }
    const site = { ...userSite({ users: [ALICE] }), authenticate: broken }
    const rejects = (): Promise<never> => Promise.reject(new Error('the log is full'))
    for (const onEvent of [broken, rejects]) {
      const { server } = await testServer({ site, hooks: { onError: broken, onEvent } })
      const result = await testBrowser(server).get(authorizePath())
      expect(new URL(result.headers.get('location') ?? '').searchParams.get('error')).toBe('server_error')
      expect((await server.fetch(tokenRequest({ client_id: 'spa' }))).status).toBe(400)
    }
  })
})

describe('pages of a server on loopback', () => {
  it.each(['evil.example', 'evil.example:5173', '127.0.0.1.evil.example', 'localhost.evil.example', 'evil.example.'])(
    'are not shown to a host that is made to resolve to it (DNS rebinding): %s',
    async (host) => {
      const { server } = await testServer({ features: [device()] })
      for (const path of [authorizePath(), '/oauth/device', '/oauth/end-session'])
        expect((await server.fetch(new Request(`http://${host}${path}`))).status, path).toBe(403)
      // Containers call the other endpoints by a name of their own.
      expect((await server.fetch(new Request(`http://${host}/oauth/jwks`))).status).toBe(200)
    },
  )

  it.each(['localhost:9000', 'app.localhost', '192.168.1.5:5173', '[::1]', '[fd00::5]:80'])('are shown to %s', async (host) => {
    const { server } = await testServer()
    expect((await server.fetch(new Request(`http://${host}${authorizePath()}`))).status).toBe(200)
  })

  it.each(['http://192.168.1.5:5173/oauth', 'http://nas.example:5173/oauth', 'http://[fd00::5]:5173/oauth'])(
    'are not shown to another host by %s, because no certificate protects it',
    async (issuer) => {
      const { server } = await testServer({ issuer, allowInsecureHttp: true, features: [device()] })
      const statusAt = async (host: string, path: string): Promise<number> =>
        (await server.fetch(new Request(`http://${host}${path}`))).status
      for (const path of [authorizePath(), '/oauth/device', '/oauth/end-session'])
        expect(await statusAt('evil.example:5173', path), path).toBe(403)
      for (const host of [new URL(issuer).host, '10.0.0.1:5173', 'localhost:5173'])
        expect(await statusAt(host, authorizePath()), host).toBe(200)
    },
  )

  it('are shown to every host by a server elsewhere, which may be behind a proxy', async () => {
    const { server } = await testServer({ issuer: 'https://id.example/oauth' })
    expect((await server.fetch(new Request(`http://inside:8080${authorizePath()}`))).status).toBe(200)
  })
})

describe('a HEAD request to a page', () => {
  it('issues nothing, and uses nothing up', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const head = await server.fetch(new Request(new URL(authorizePath(), ISSUER), { method: 'HEAD', headers: { cookie } }))
    expect([head.status, head.headers.get('location')]).toEqual([200, null])
    expect((await browser.get(authorizePath())).status).toBe(302)
  })
})
