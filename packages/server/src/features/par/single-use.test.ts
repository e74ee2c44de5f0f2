import { describe, expect, it } from 'vitest'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  type TestBrowser,
} from '../../server/test-browser.fixture.js'
import { post } from '../../server/test-requests.fixture.js'
import { ISSUER, testClock, testServer, type TestServer } from '../../server/test-server.fixture.js'
import { memoryStore } from '../../storage/memory-store.js'
import { slowStore, type SlowStore } from '../../storage/slow-store.fixture.js'
import { storesOver } from '../../storage/stores.js'
import { authorizationCode } from '../../token/grants/authorization-code.js'
import { hybrid } from '../../token/grants/hybrid.js'

const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1)

interface World extends TestServer, Pick<SlowStore, 'race'> {
  readonly browser: TestBrowser
  /** What was stored of a kind. */
  readonly count: (kind: string) => number
}

/** A browser whose user is signed in, on a store that takes its time. */
async function slowWorld(): Promise<World> {
  const clock = testClock()
  const writes: string[] = []
  const inner = memoryStore({ now: clock.now })
  const { store, race } = slowStore({
    ...inner,
    set: (key, value, expiresAt) => {
      writes.push(key)
      return inner.set(key, value, expiresAt)
    },
  })
  const grants = [authorizationCode(), hybrid()]
  const world = await testServer({ stores: storesOver(store), grants }, clock)
  const browser = testBrowser(world.server)
  await signIn(browser)
  const count = (kind: string): number => writes.filter((key) => key.startsWith(`${kind}:`)).length
  return { ...world, race, browser, count }
}

/** @returns the path of the request */
async function push({ server }: TestServer, params: Readonly<Record<string, string>>): Promise<string> {
  const request = Object.fromEntries(new URL(authorizePath(params), ISSUER).searchParams)
  const { request_uri: uri = '' } = await json(await post(server, '/par', request))
  return `/oauth/authorize?${new URLSearchParams({ client_id: 'spa', request_uri: uri }).toString()}`
}

const parametersOf = (response: Response): URLSearchParams => {
  if (response.headers.get('location') === null) return new URLSearchParams()
  const { search, hash } = locationOf(response)
  return new URLSearchParams(hash === '' ? search : hash.slice(1))
}

describe('a pushed request that is opened twice at the same time, on a slow store,', () => {
  it.each(SEEDS)('gets one code, which works once (%i)', async (seed) => {
    const world = await slowWorld()
    const path = await push(world, {})
    const open = (): Promise<Response> => world.browser.get(path)
    const responses = await world.race(seed, [open, open, open])
    const codes = responses.map((response) => parametersOf(response).get('code')).filter((code) => code !== null)
    expect(codes).toHaveLength(1)
    expect(await json(await redeem(world.server, codes[0] ?? ''))).toHaveProperty('access_token')
    expect((await world.browser.get(path)).status).toBe(400)
  })

  it.each(SEEDS)('creates no more than one access token of the response (%i)', async (seed) => {
    const world = await slowWorld()
    const path = await push(world, { response_type: 'code token' })
    const open = (): Promise<Response> => world.browser.get(path)
    const responses = await world.race(seed, [open, open, open])
    expect(responses.filter((response) => parametersOf(response).has('access_token'))).toHaveLength(1)
    expect(world.count('token')).toBe(1)
  })
})

it('a pushed request stays used while its pages may be open, also if it was not deleted', async () => {
  const clock = testClock()
  const stores = storesOver({ ...memoryStore({ now: clock.now }), delete: () => Promise.resolve() })
  const world = await testServer({ stores }, clock)
  const browser = testBrowser(world.server)
  await signIn(browser)
  const consent = await asPage(await browser.get(await push(world, { prompt: 'consent' })))
  expect(parametersOf(await browser.submit(consent, { action: 'consent' })).has('code')).toBe(true)
  for (const seconds of [0, 1000, 2000, 500]) {
    clock.advance(seconds)
    expect((await browser.submit(consent, { action: 'consent' })).status).toBe(400)
  }
})
