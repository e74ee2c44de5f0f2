import { memory } from '@latchkey/core'
import { expect, it, onTestFinished } from 'vitest'
import { createOAuth1Client } from './create-oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

const CALLBACK = 'https://app.example/'

function storageArea(): Storage {
  const items = new Map<string, string>()
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  } as unknown as Storage
}

/** A page at an address, as far as a sign-in needs one. */
class FakePage extends EventTarget {
  readonly location: URL & { assign(url: URL): void }
  readonly document = Object.assign(new EventTarget(), {
    querySelector: () => null,
    baseURI: CALLBACK,
    visibilityState: 'visible',
  })
  readonly navigator = {}
  readonly PopStateEvent = Event
  readonly parent = this
  readonly history = { state: null, replaceState: (_state: unknown, _title: string, url: string | URL) => this.#show(url) }
  readonly sessionStorage: Storage
  readonly localStorage: Storage
  readonly requestIdleCallback = () => 0
  closed = false
  left: URL | undefined

  constructor(address: string | URL, tab: Storage, local: Storage) {
    super()
    this.sessionStorage = tab
    this.localStorage = local
    this.location = Object.assign(new URL(address), { assign: (url: URL) => void (this.left = url) })
  }

  close(): void {
    this.closed = true
  }

  #show(url: string | URL): void {
    this.location.href = new URL(url, this.location.href).href
  }
}

/** A browser, and two clients of two providers with one callback URL. */
function createWorld(options: Partial<OAuth1ClientOptions>) {
  const areas = { tab: storageArea(), local: storageArea() }
  const storages = { a: memory(), b: memory() }
  const sent: string[] = []
  const popup = {
    closed: false,
    opener: {},
    close: () => (popup.closed = true),
    location: { href: 'about:blank', replace: (url: URL) => (popup.location.href = url.href) },
    document: { title: '', body: { textContent: '' } },
  }
  /** Opens a page with both clients. */
  function open(address: string | URL, tab = areas.tab) {
    const page = new FakePage(address, tab, areas.local)
    const clientOf = (name: 'a' | 'b') => {
      const client = createOAuth1Client({
        consumerKey: name,
        consumerSecret: 'secret',
        temporaryCredentialsUrl: `https://${name}.example/initiate`,
        authorizationUrl: `https://${name}.example/authorize`,
        tokenCredentialsUrl: `https://${name}.example/token`,
        callbackUrl: CALLBACK,
        callbackState: false,
        storage: storages[name],
        environment: {
          window: page as unknown as Window & typeof globalThis,
          openWindow: () => popup as unknown as Window,
        },
        fetch: async (input, init) => {
          sent.push(new Request(input, init).url)
          return new Response(`oauth_token=of-${name}&oauth_token_secret=s&oauth_callback_confirmed=true`)
        },
        ...options,
      })
      onTestFinished(() => client.close())
      return client
    }
    return { page, a: clientOf('a'), b: clientOf('b') }
  }
  return { open, sent, popup }
}

const callbackOf = (name: string): string => `${CALLBACK}?x=1&oauth_token=of-${name}&oauth_verifier=v`

it.each(['a', 'b'] as const)(
  'of client %s by redirect is its own, where two clients have no "state" and one callback URL',
  async (name) => {
    const { open } = createWorld({})
    const first = open(CALLBACK)
    void first[name].login({ returnTo: '/albums' })
    await expect.poll(() => first.page.left).toBeDefined()
    const { page, a, b } = open(callbackOf(name))
    expect([a.isCallback(), b.isCallback()]).toEqual([name === 'a', name === 'b'])
    await Promise.all([a.start(), b.start()])
    expect([a, b].map((client) => client.getSnapshot().status)).toEqual(
      [a, b].map((client) => (client === { a, b }[name] ? 'signed-in' : 'signed-out')),
    )
    expect([a.getSnapshot().error, b.getSnapshot().error]).toEqual([undefined, undefined])
    expect(page.location.href).toBe(`${CALLBACK}albums`)
  },
)

it.each(['a', 'b'] as const)('of client %s in a popup gets to the page that waits, and the popup closes', async (name) => {
  const { open, popup } = createWorld({ transport: 'popup' })
  const opener = open(CALLBACK)
  const login = opener[name].login()
  await expect.poll(() => popup.location.href).toContain('oauth_token')
  const { page, a, b } = open(callbackOf(name), storageArea())
  void a.start()
  void b.start()
  expect((await login)?.tokenSet.accessToken).toBe(`of-${name}`)
  await expect.poll(() => page.closed).toBe(true)
  expect(page.location.search).toBe('')
})

it('with a token that no client waits for changes nothing', async () => {
  const { open, sent } = createWorld({})
  const { page, a, b } = open(callbackOf('stranger'))
  expect([a.isCallback(), b.isCallback()]).toEqual([false, false])
  await Promise.all([a.start(), b.start()])
  expect([a.getSnapshot().error, b.getSnapshot().error, sent]).toEqual([undefined, undefined, []])
  expect(page.location.href).toBe(callbackOf('stranger'))
})

it('that was denied without a token is a denial, and is removed from the address bar', async () => {
  const { open } = createWorld({})
  const first = open(CALLBACK)
  void first.b.login({ returnTo: '/albums' })
  await expect.poll(() => first.page.left).toBeDefined()
  const { page, a, b } = open(`${CALLBACK}?error=access_denied`)
  await Promise.all([a.start(), b.start()])
  expect(a.getSnapshot().error).toBeUndefined()
  expect(b.getSnapshot().error).toMatchObject({ code: 'authorization_error', error: 'access_denied' })
  expect(page.location.href).toBe(`${CALLBACK}albums`)
})

it('whose "state" the provider has dropped says so, and leaves nothing in the address bar', async () => {
  const { open, sent } = createWorld({ callbackState: true })
  const first = open(CALLBACK)
  void first.a.login({ returnTo: '/albums' })
  await expect.poll(() => first.page.left).toBeDefined()
  const { page, a, b } = open(callbackOf('a'))
  await Promise.all([a.start(), b.start()])
  expect(b.getSnapshot().error).toBeUndefined()
  const { error } = a.getSnapshot()
  expect(error).toMatchObject({ code: 'mismatching_state' })
  expect(error?.hint).toContain('"callbackState"')
  expect(page.location.href).toBe(`${CALLBACK}albums`)
  expect(sent).toEqual(['https://a.example/initiate'])
})
