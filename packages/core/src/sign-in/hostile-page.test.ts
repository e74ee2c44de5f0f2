import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { clientKey } from '../client/resolve-options.js'
import { createAuthorizationUrl } from '../client/authorization-url.js'
import { type ClientBench, instantTransport } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { createOAuthClient } from '../client/create-client.js'
import { internalsOf } from '../client/internals.js'
import type { OAuthClientError } from '../errors/errors.js'
import { issuer, metadata } from '../protocol/test-server.fixture.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import { FakePage, leftForSignIn, pageRedirectUri } from './fake-page.fixture.js'

const redirectUri = pageRedirectUri
const key = clientKey(issuer, 'client-1', undefined)

describe('a transaction in the tab storage that this client did not write', () => {
  it('signs no user in where the client seals its records, and its server metadata is not believed', async () => {
    const state = `lk.${key}.r.planted`
    const page = new FakePage(`/cb?code=evil&state=${state}&iss=${encodeURIComponent(issuer)}`)
    const planted = { state, redirectUri, codeVerifier: 'v'.repeat(43), responseType: 'code', transport: 'redirect' }
    page.sessionStorage.setItem(
      `latchkey/${key}/redirect/${state}`,
      JSON.stringify({ ...planted, nonce: 'n', scope: 'openid', returnTo: '/', createdAt: Date.now() }),
    )
    const at = Date.now()
    const server = { metadata: { ...metadata, token_endpoint: 'https://evil.example/token' }, metadataFetchedAt: at }
    page.sessionStorage.setItem(`latchkey/${key}/carried-server`, JSON.stringify({ ...server, fetchedAt: at, keysFetchedAt: at }))
    const storage = sharedStorage()
    const { client, server: seen } = await page.open({ storage })
    seen.nonce = 'n'
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'mismatching_state' } })
    expect(seen.log.filter((entry) => entry.startsWith('POST'))).toEqual([])
    expect([...storage.values.keys()].filter((name) => name.includes('/transaction/'))).toEqual([])
  })

  it('is the way through a redirect for a storage that is full', async () => {
    const full = { ...sharedStorage(), update: async () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }
    const { bench, open, state } = await leftForSignIn({ storage: full, scope: 'profile' })
    bench.server.faults = { token: { id_token: undefined } }
    const { client } = await open(`/cb?code=code-1&state=${state}&iss=${encodeURIComponent(issuer)}`)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in' })
  })
})

describe('the name of a window', () => {
  it.each(['i', 'p'])('leaves no page blank: a link with the target of the hidden frame, kind %s', async (kind) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const page = new FakePage(`/cb?code=1&state=lk.${key}.${kind}.x`)
    page.name = 'latchkey-silent-sign-in'
    const { client } = await page.open()
    let isStarted = false
    void client.start().then(() => (isStarted = true))
    const pollStarted = async (): Promise<boolean> => {
      await vi.advanceTimersByTimeAsync(500)
      return isStarted
    }
    await expect.poll(pollStarted).toBe(true)
    expect(client.getSnapshot().status).toBe('signed-out')
    void client.login()
    await expect.poll(() => page.assigned).toHaveLength(1)
  })
})

describe('a framed copy of the app', () => {
  const raise = (): never => {
    throw new DOMException('Blocked a frame', 'SecurityError')
  }
  const foreign = new Proxy({}, { get: raise, has: raise })

  it.each([
    ['in a frame of another origin', foreign],
    ['in a frame of the app itself', Object.assign(new FakePage('/'), { latchkeySignIns: {} })],
    ['in a frame of a page of its own origin that is not the app', new FakePage('/')],
    ['in a frame of a page that another origin frames', Object.assign(new FakePage('/'), { parent: foreign })],
  ])('starts no silent sign-in: %s', async (_, parent) => {
    const page = new FakePage('/start')
    page.parent = parent
    const { client, server, advance } = await page.open({ silent: ['iframe', 'redirect'] })
    await client.start()
    expect(page.assigned).toEqual([])
    expect(client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    // Neither for a session whose token has expired.
    server.faults = { token: { refresh_token: undefined } }
    await client.login({ transport: instantTransport(server) })
    advance(310_000)
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'token_invalid' })
    expect(page.assigned).toEqual([])
    // The user may sign in by a click.
    void client.login()
    await expect.poll(() => page.assigned).toHaveLength(1)
  })

  it('is not one that runs at the top', async () => {
    const page = new FakePage('/start')
    const { client } = await page.open({ silent: ['redirect'] })
    void client.start()
    await expect.poll(() => page.assigned).toHaveLength(1)
    expect(page.assigned[0]).toContain('prompt=none')
  })
})

describe('sign-ins that the user leaves', () => {
  it.each([
    'access_denied',
    'user_cancelled_authorize',
    'user_cancelled_login',
    'consent_required',
    'interaction_required',
    'login_required',
  ])('are no loop: the server responds %s', async (error) => {
    const tab = await leftForSignIn()
    let { state } = tab
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { page, client } = await tab.open(`/cb?error=${error}&state=${state}&iss=${encodeURIComponent(issuer)}`)
      expect(client.getSnapshot().error).toMatchObject({ error })
      void client.login()
      await expect.poll(() => page.assigned).toHaveLength(1)
      state = new URL(page.assigned[0] ?? '').searchParams.get('state') ?? ''
    }
  })
})

describe('redirects within a minute', () => {
  type Step = (page: FakePage, bench: ClientBench) => unknown
  const none = (): undefined => undefined
  const sixSecondsPass: Step = (_page, { advance }) => advance(6000)
  const handles = (type: string) => (page: FakePage) => Object.assign(page, { event: { type, isTrusted: true } })

  /** Leaves sign-ins by typing the address of the app. @returns how many start */
  async function countStarted(prepare: Step, address = (_state: string) => '/start', afterCall?: Step): Promise<number> {
    const tab = await leftForSignIn()
    let { state } = tab
    for (let count = 1; count < 12; count += 1) {
      const { page, client } = await tab.open(address(state))
      if (!afterCall) await internalsOf(client).serverCalls()
      prepare(page, tab.bench)
      const login = client.login()
      // Before the code of a sign-in is loaded.
      afterCall?.(page, tab.bench)
      const left = await Promise.race([page.leaves(), login.catch((error: OAuthClientError) => error)])
      if (typeof left === 'object') return (expect(left).toMatchObject({ code: 'redirect_loop' }), count)
      state = new URL(String(left)).searchParams.get('state') ?? ''
    }
    return Infinity
  }
  const denied = (state: string): string => `/cb?error=access_denied&state=${state}&iss=${encodeURIComponent(issuer)}`
  const isUntouched = (page: FakePage): unknown =>
    Object.assign(page.navigator as object, { userActivation: { hasBeenActive: false } })

  it('are never stopped after a click, wherever the sign-ins before were left', async () => {
    expect(await countStarted((page) => page.click())).toBe(Infinity)
    expect(await countStarted((page) => page.click(), denied)).toBe(Infinity)
  })

  it('are never stopped after a click on a slow network, which loads the code of a sign-in seconds later', async () => {
    const click: Step = (page) => (handles('click')(page), page.click())
    const pass: Step = (page, bench) => (Object.assign(page, { event: undefined }), sixSecondsPass(page, bench))
    expect(await countStarted(click, undefined, pass)).toBe(Infinity)
  })

  it('are never stopped where the click itself calls login() of a client that was not started', async () => {
    const tab = await leftForSignIn()
    for (let count = 1; count < 6; count += 1) {
      const page = new FakePage('/start', tab.page.sessionStorage)
      const client = createOAuthClient({ ...tab.bench.client.options, environment: { window: page.window } } as ClientOptions)
      onTestFinished(() => client.close())
      handles('click')(page)
      void client.login()
      await page.leaves()
    }
  })

  /** What the browser knows of a click before the code of a sign-in is loaded. */
  const isActiveIn = (isActive: boolean, counts: Readonly<Record<string, number>>) => (page: FakePage) => {
    Object.assign(page.navigator as object, { userActivation: { isActive, hasBeenActive: true } })
    return Object.assign(page, { performance: { eventCounts: new Map(Object.entries(counts)) } })
  }

  it('are never stopped after a click whose handler waits before it calls login(), before the code is loaded', async () => {
    expect(await countStarted(isActiveIn(true, { pointerdown: 1, click: 1 }), undefined, none)).toBe(Infinity)
    expect(await countStarted(isActiveIn(true, { keydown: 2 }), undefined, none)).toBe(Infinity)
  })

  it.each<[string, Step]>([
    ['was long ago', isActiveIn(false, { pointerdown: 1, click: 1 })],
    ['is that of a test driver, which makes the page active', isActiveIn(true, { pointerdown: 0, pointermove: 3 })],
    ['is not counted by the browser', isActiveIn(true, {})],
  ])('are stopped after three where the click %s', async (_when, prepare) => {
    expect(await countStarted(prepare, undefined, none)).toBe(3)
  })

  it.each<[string, Step, Step]>([
    ['comes after the call', none, (page) => page.click()],
    ['comes seconds before the call', (page, bench) => (page.click(), sixSecondsPass(page, bench)), none],
    ['is that of a script, which submits a form', handles('submit'), none],
  ])('are stopped after three where the click %s', async (_when, prepare, afterCall) => {
    expect(await countStarted(prepare, undefined, afterCall)).toBe(3)
  })

  it('are stopped after three without a click, also if the server denies each', async () => {
    expect(await countStarted((page) => page.click(false))).toBe(3)
    // The user may have cancelled the very first one: that page does not tell whether it was touched.
    expect(await countStarted(isUntouched, denied)).toBe(3 + 1)
  })
})

describe('a response with a foreign state to our own request', () => {
  it.each([
    '/cb/?code=SECRET&state=forged',
    '/cb?code=SECRET&state=lk.zzzz.r.abc',
    '/cb/?code=SECRET&state=lk.zzzz.x.abc',
    '/cb#access_token=SECRET&state=lk.zzzz.r.abc',
    `/cb?response=e30.${btoa('{"state":"lk.zzzz.r.abc"}')}.SECRET`,
    '/cb?code=SECRET&state=forged#x=1&state=y',
    '/cb?code=SECRET&state=forged#access_token=SECRET&state=forged',
    '/cb?code=SECRET&state=forged&client_info=SECRET&user=SECRET&refresh_token=SECRET&device_secret=SECRET',
  ])('leaves nothing in the address bar: %s', async (address) => {
    const { open } = await leftForSignIn()
    const { page, client } = await open(address)
    expect(page.location.href).not.toContain('SECRET')
    expect(client.getSnapshot().error).toMatchObject({ code: 'mismatching_state' })
  })

  it('leaves nothing in the address bar at the redirect URI of the request', async () => {
    const { open } = await leftForSignIn({}, { redirectUri: 'https://app.example/other' })
    const { page, client } = await open('/other?code=SECRET&state=forged')
    expect(page.location.href).not.toContain('SECRET')
    expect(client.getSnapshot().error).toMatchObject({ code: 'mismatching_state' })
  })

  it.each(['p', 'i'])('leaves nothing in the address bar if no window waits for it: kind %s', async (kind) => {
    const { open } = await leftForSignIn()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const opened = open(`/cb?code=SECRET&state=lk.zzzz.${kind}.abc`)
    await expect.poll(() => vi.advanceTimersByTimeAsync(1500).then(() => vi.getTimerCount())).toBe(0)
    const { page, client } = await opened
    expect(page.location.href).not.toContain('SECRET')
    expect(client.getSnapshot().error).toMatchObject({ code: 'mismatching_state' })
  })

  it.each([
    ['has left for it', (client: OAuthClient, page: FakePage) => (void client.login(), page.leaves())],
    ['has a request that the app sends', async (client: OAuthClient) => (await createAuthorizationUrl(client)).url.href],
  ])('is left to the other client of this tab that %s', async (_, request) => {
    const { bench, page: left } = await leftForSignIn({ scope: 'profile' })
    bench.server.faults = { token: { id_token: undefined } }
    // A page without the first client, which therefore still waits.
    const between = new FakePage('/other', left.sessionStorage)
    const other = await between.open({ ...bench.client.options, clientId: 'client-2', environment: { window: between.window } })
    await other.client.start()
    const { searchParams } = new URL(await request(other.client, between))
    const page = new FakePage(
      `/cb?code=c&state=${searchParams.get('state')}&iss=${encodeURIComponent(issuer)}`,
      left.sessionStorage,
    )
    const environment = { window: page.window }
    const [first, second] = [bench.client, other.client].map(({ options }) =>
      createOAuthClient({ ...options, environment } as ClientOptions),
    ) as [OAuthClient, OAuthClient]
    await first.start()
    await second.start()
    expect(first.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(second.getSnapshot().status).toBe('signed-in')
    await Promise.all([first.close(), second.close()])
  })

  it('hides no response of ours: a state in the fragment of the app', async () => {
    const { open, state } = await leftForSignIn({ scope: 'profile' })
    const { page } = await open(`/cb?code=SECRET&state=${state}&iss=${encodeURIComponent(issuer)}#x=1&state=y`)
    expect(page.location.href).not.toContain('SECRET')
  })
})
