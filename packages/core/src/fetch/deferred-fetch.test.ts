import { expect, it } from 'vitest'
import type { AuthedFetch } from './authed-fetch.js'
import { createDeferredFetch } from './deferred-fetch.js'

const API = 'https://api.example/'

/** A `fetch` whose code arrives when the test says so. */
function bench() {
  const made: Array<Parameters<AuthedFetch>> = []
  let creations = 0
  let arrive = (): void => undefined
  const arrival = new Promise<void>((resolve) => (arrive = resolve))
  const createFetch = (): AuthedFetch => {
    creations += 1
    return async (...call) => (made.push(call), new Response())
  }
  const load = async () => (await arrival, { createFetch })
  let controller = new AbortController()
  const session = {
    get signal() {
      return controller.signal
    },
    change: () => ((controller = new AbortController()), controller.signal),
  }
  const fetch = createDeferredFetch(load, async () => ({ accessToken: 'at', tokenType: 'Bearer' }), session)
  return { fetch, made, arrive, session, creations: () => creations }
}

it('sends what the caller passed, whatever the caller changes while the code is loaded', async () => {
  const { fetch, made, arrive } = bench()
  const url = new URL(API)
  const headers = new Headers({ 'x-test': '1' })
  const body = new URLSearchParams('a=1')
  const request = new Request(API, { method: 'POST', body: 'text', headers })
  const calls = [fetch(url, { headers }), fetch(url, { method: 'POST', body, headers }), fetch(request, { resource: 'urn:api' })]
  url.pathname = '/other'
  headers.set('x-test', '2')
  body.set('a', '2')
  request.headers.set('x-test', '2')
  expect(request.bodyUsed).toBe(true)
  arrive()
  await Promise.all(calls)
  const sent = made.map(([input, init]) => new Request(input, init))
  expect(sent.map((each) => each.url)).toEqual([API, API, API])
  expect(sent.map((each) => each.headers.get('x-test'))).toEqual(['1', '1', '1'])
  expect(await Promise.all(sent.map((each) => each.text()))).toEqual(['', 'a=1', 'text'])
  expect(made[2]?.[1]?.resource).toBe('urn:api')
})

it('passes on simple arguments without a request of them', async () => {
  const { fetch, made, arrive } = bench()
  arrive()
  await fetch(API, { method: 'POST', body: 'text', withholdToken: true })
  expect(made[0]?.slice(0, 2)).toEqual([API, { method: 'POST', body: 'text', withholdToken: true, headers: new Headers() }])
})

it('belongs to the session in which it was made, and says so if the body is a stream', async () => {
  const { fetch, made, arrive, session } = bench()
  const { signal } = session
  const body = new Blob(['text']).stream()
  const init = { method: 'POST', body, duplex: 'half' }
  const call = fetch(API, init)
  session.change()
  arrive()
  await call
  expect(made[0]?.[2]).toBe(signal)
  expect(made[0]?.[3]).toBe(body)
})

it('leaves arguments that are invalid to the code that rejects them', async () => {
  const { fetch, made, arrive } = bench()
  arrive()
  await fetch('https://user:password@api.example/', { method: 'POST', body: new FormData() })
  expect(made[0]?.[0]).toBe('https://user:password@api.example/')
  expect(made[0]?.[1]?.body).toBeInstanceOf(FormData)
})

it('is created once, and runs synchronously when it is loaded', async () => {
  const { fetch, made, arrive, creations } = bench()
  const first = [fetch(API), fetch(API)]
  expect(made).toHaveLength(0)
  arrive()
  await Promise.all(first)
  expect(creations()).toBe(1)
  const call = fetch(API)
  expect(made).toHaveLength(3)
  // The session is that of now, and nothing is copied.
  expect(made[2]).toEqual([API, undefined])
  await call
})
