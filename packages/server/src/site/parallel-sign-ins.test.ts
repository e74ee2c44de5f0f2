import { describe, expect, it } from 'vitest'
import { memoryStore } from '../storage/memory-store.js'
import type { AtomicStore } from '../storage/atomic-store.js'
import { storesOver } from '../storage/stores.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  type TestBrowser,
} from '../server/test-browser.fixture.js'
import { ISSUER, testClock, testServer } from '../server/test-server.fixture.js'

const ALICE = { username: 'alice', password: 'wonderland' }
const BOB = { username: 'bob', password: 'builder' }

type World = Awaited<ReturnType<typeof testServer>>

/** Opens as many tabs as users sign in, and sends all forms before the first response has set its cookie. */
async function signInAtOnce(
  browser: TestBrowser,
  users: readonly (typeof ALICE)[],
  together = false,
): Promise<readonly string[]> {
  const open = (index: number): Promise<Response> => browser.get(authorizePath({ state: `s${index}` }))
  const first = together ? [] : [await open(0)]
  const rest = await Promise.all(users.slice(first.length).map((_, index) => open(index + 1)))
  const pages = await Promise.all([...first, ...rest].map((response) => asPage(response)))
  const sent = pages.map((page, index) => browser.submit(page, { action: 'sign-in', ...users[index] }))
  return (await Promise.all(sent)).map((response) => locationOf(response).searchParams.get('code') ?? '')
}

async function signOut(browser: TestBrowser): Promise<string> {
  const page = await asPage(await browser.get('/oauth/end-session'))
  return (await browser.submit(page, { action: 'sign-out' })).text()
}

/** Counts the tokens that are accepted. */
async function accepted({ server }: World, tokens: readonly Record<string, string>[]): Promise<number> {
  const results = tokens.map(
    async ({ access_token: token }) =>
      (await server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))).ok,
  )
  return (await Promise.all(results)).filter(Boolean).length
}

/** A store that takes its time, so that concurrent requests meet. */
function slowly(store: AtomicStore): AtomicStore {
  const wait = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    get: async (key) => (await wait(), store.get(key)),
    set: async (key, value, expiresAt) => (await wait(), store.set(key, value, expiresAt)),
    add: async (key, value, expiresAt) => (await wait(), store.add(key, value, expiresAt)),
    delete: async (key) => (await wait(), store.delete(key)),
  }
}

const sending = [
  ['one user', [ALICE, ALICE], false],
  ['one user, pages opened at once', [ALICE, ALICE], true],
  ['one user, five tabs', [ALICE, ALICE, ALICE, ALICE, ALICE], true],
  ['two users', [ALICE, BOB], false],
  ['three changes of the user', [ALICE, BOB, ALICE], true],
] as const

describe('sign-ins of one browser at the same time', () => {
  it.each(sending)('leave no token alive after the sign-out: %s', async (_, users, together) => {
    const clock = testClock()
    const world = await testServer({ stores: storesOver(slowly(memoryStore({ now: clock.now }))) })
    const browser = testBrowser(world.server)
    const codes = await signInAtOnce(browser, users, together)
    const answers = await Promise.all(codes.filter((code) => code !== '').map((code) => redeem(world.server, code)))
    const tokens = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => json(answer)))
    expect(await accepted(world, tokens)).toBeGreaterThan(0)
    expect(await signOut(browser)).toContain('signed out')
    expect(await accepted(world, tokens)).toBe(0)
  })

  it('share one session, whose clients are all known', async () => {
    const world = await testServer()
    const browser = testBrowser(world.server)
    const codes = await signInAtOnce(browser, [ALICE, ALICE])
    const tokens = await Promise.all(codes.map(async (code) => json(await redeem(world.server, code))))
    expect(await accepted(world, tokens)).toBe(2)
  })

  it('start nothing that an ended session has left', async () => {
    const world = await testServer()
    const browser = testBrowser(world.server)
    await signIn(browser)
    await signOut(browser)
    const tokens = await json(await redeem(world.server, (await signIn(browser)).searchParams.get('code') ?? ''))
    expect(await accepted(world, [tokens])).toBe(1)
  })

  it('continue the session of a user whose browser sends a planted cookie too', async () => {
    const clock = testClock()
    const world = await testServer({ now: clock.now, sessionLifetime: 86_400 })
    const [browser, mallory] = [testBrowser(world.server), testBrowser(world.server)] as const
    const first = await json(await redeem(world.server, (await signIn(browser)).searchParams.get('code') ?? ''))
    await signIn(mallory, {}, BOB)
    // What was recorded with the first sign-in is forgotten.
    clock.advance(1200)
    const own = browser.cookies.get('latchkey_5173_session') ?? ''
    const plant = (): unknown =>
      browser.cookies.set(
        'latchkey_5173_session',
        `${own}; latchkey_5173_session=${mallory.cookies.get('latchkey_5173_session')}`,
      )
    plant()
    const page = await asPage(await browser.get(authorizePath()))
    plant()
    expect((await browser.submit(page, { action: 'sign-in', ...ALICE })).status).toBe(303)
    expect(await accepted(world, [first])).toBe(1)
    await signOut(browser)
    expect(await accepted(world, [first])).toBe(0)
  })
})
