import { describe, expect, it } from 'vitest'
import { asPage, locationOf, testBrowser } from '../../server/test-browser.fixture.js'
import { SPA, testClock, testServer } from '../../server/test-server.fixture.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { barePath, clientKeys, sign, signingClient } from './request-object.fixture.js'

const keys = await clientKeys()
const ALICE = { action: 'sign-in', username: 'alice', password: 'wonderland' }

describe('a request object', () => {
  it('is stored once, however often it is sent, and can be used by each browser once', async () => {
    const clock = testClock()
    const store = memoryStore({ now: clock.now })
    const kept = new Set<string>()
    const stores = storesOver({
      ...store,
      get: (key) => store.get(key),
      delete: (key) => store.delete(key),
      add: (key, ...rest) => (kept.add(key), store.add(key, ...rest)),
      set: (key, ...rest) => (kept.add(key), store.set(key, ...rest)),
    })
    const { server } = await testServer({ clients: [signingClient(keys)], stores }, clock)
    const path = barePath({ request: await sign({}, { key: keys.privateKey, clock }) })
    const browsers = Array.from({ length: 5 }, () => testBrowser(server))
    const pages = await Promise.all(browsers.map(async (browser) => asPage(await browser.get(path))))
    expect([...kept].filter((key) => key.startsWith('par'))).toHaveLength(1)
    for (const [index, browser] of browsers.entries()) {
      const page = pages[index] ?? { url: '', text: '', response: new Response() }
      expect(locationOf(await browser.submit(page, ALICE)).searchParams.has('code')).toBe(true)
      expect((await browser.submit(page, ALICE)).status).toBe(400)
    }
  })

  it('tells its sender nothing about the fetch of the keys', async () => {
    const responses: readonly (() => Promise<Response>)[] = [
      () => Promise.resolve(new Response(null, { status: 302, headers: { location: 'https://a.example/' } })),
      () => Promise.resolve(new Response('', { status: 404 })),
      () => Promise.resolve(new Response('x'.repeat(300_000))),
      () => Promise.resolve(Response.json({ a: 1 })),
      () => Promise.resolve(new Response('no JSON')),
      () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.7:22')),
      () => Promise.reject(new Error('getaddrinfo ENOTFOUND internal.example')),
    ]
    const descriptions = new Set<string | null>()
    for (const respond of responses) {
      const clock = testClock()
      const client = { ...SPA, jwksUri: 'https://keys.example/jwks' }
      const { server } = await testServer({ clients: [client], fetch: respond, hooks: { onError: () => undefined } }, clock)
      const request = await sign({}, { key: keys.privateKey, clock })
      const path = barePath({ request, redirect_uri: SPA.redirectUris[0] ?? '' })
      const { searchParams } = locationOf(await testBrowser(server).get(path))
      expect(searchParams.get('error')).toBe('invalid_request_object')
      descriptions.add(searchParams.get('error_description'))
    }
    expect([...descriptions]).toHaveLength(1)
  })
})
