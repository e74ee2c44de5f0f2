import { beforeEach, describe, expect, it } from 'vitest'
import type { AtomicStore } from '../storage/atomic-store.js'
import { digestNow } from '../storage/digest.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import { authorizePath, json, redeem, signIn, testBrowser, type TestBrowser } from '../server/test-browser.fixture.js'
import { testClock, testServer, type TestServer } from '../server/test-server.fixture.js'
import type { StoredSession } from './browser-session.js'

interface Stored {
  readonly key: string
  readonly session: StoredSession
}

let world: TestServer
let store: AtomicStore
/** Of the last sign-in. */
let stored: Stored | undefined
let browser: TestBrowser
let idToken: string | undefined

beforeEach(async () => {
  const clock = testClock()
  store = memoryStore({ now: clock.now })
  const watched: AtomicStore = {
    ...store,
    set: async (key, value, expiresAt) => {
      if (key.startsWith('session:')) stored = { key, session: value as StoredSession }
      await store.set(key, value, expiresAt)
    },
  }
  world = await testServer({ stores: storesOver(watched) }, clock)
  browser = testBrowser(world.server)
  idToken = (await json(await redeem(world.server, (await signIn(browser)).searchParams.get('code') ?? '')))['id_token']
})

const cookieName = (): string => [...browser.cookies.keys()].find((name) => name.endsWith('session')) ?? ''
const sid = (): string => stored?.session.sid ?? ''

/** Stores the session under another cookie too. Returns a browser that has it. */
async function browserWith(cookie: string): Promise<TestBrowser> {
  const { key = '', session } = stored ?? {}
  const own = digestNow(cookie)
  await store.set(key.replace(session?.key ?? '', own), { ...session, key: own, clientsKey: undefined }, session?.expiresAt)
  const other = testBrowser(world.server)
  other.cookies.set(cookieName(), cookie)
  return other
}

const isSignedIn = async (at: TestBrowser): Promise<boolean> => (await at.get(authorizePath())).status === 302
const signOut = (): Promise<Response> => browser.get(`/oauth/end-session?id_token_hint=${idToken}`)

describe('the cookie of a session', () => {
  it('names the "sid" of the session behind random text', () => {
    const [random = '', named] = browser.cookies.get(cookieName())?.split('.') ?? []
    expect(named).toBe(sid())
    expect(random).toMatch(/^[\w-]{43}$/)
  })

  it('is unknown with other random text, or another "sid"', async () => {
    const [random = '', named] = browser.cookies.get(cookieName())?.split('.') ?? []
    for (const cookie of [`x.${named}`, `.${named}`, `${random}.x`, random, `${random}.`]) {
      const other = testBrowser(world.server)
      other.cookies.set(cookieName(), cookie)
      expect(await isSignedIn(other), cookie).toBe(false)
    }
    expect(await isSignedIn(browser)).toBe(true)
  })

  it.each([
    ['of an earlier release, which names none', () => 'text'],
    ['which names its "sid"', () => `text.${sid()}`],
    ['which names another "sid"', () => `text.${crypto.randomUUID()}`],
    ['which names no possible "sid"', () => `text.${'x'.repeat(65)}`],
  ])('%s, is valid until its session ends', async (_, cookie) => {
    const other = await browserWith(cookie())
    expect(await isSignedIn(other)).toBe(true)
    await signOut()
    expect(await isSignedIn(other)).toBe(false)
  })

  it('is valid if it names the "sid" of another session, which has ended', async () => {
    const ended = sid()
    await signOut()
    await signIn(browser)
    expect(await isSignedIn(await browserWith(`text.${ended}`))).toBe(true)
  })
})
