import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { metadata } from '../protocol/test-server.fixture.js'
import { cognito } from '../providers/openid-providers.js'
import { relayCallback } from '../sign-in/transports/relay-callback.js'

const origin = 'https://app.example'
const endedHere = { status: 'signed-out', activity: 'idle' }

interface FakeWindow {
  closed: boolean
  readonly visited: URL[]
  readonly document: { readonly body: { textContent: string } }
}

function fakeWindow() {
  const visited: URL[] = []
  const target: FakeWindow & Record<string, unknown> = {
    closed: false,
    visited,
    opener: {},
    document: { body: { textContent: '' } },
    location: { href: 'about:blank', replace: (url: URL) => visited.push(url) },
    close: () => (target.closed = true),
  }
  return target
}

/** A page whose frames and navigations are only noted. */
function fakePage(visited: string[]): Window & typeof globalThis {
  const frame = Object.assign(new EventTarget(), { remove: () => undefined })
  const noteUrl = (url: string): void => {
    visited.push(url)
  }
  Object.defineProperty(frame, 'src', { set: noteUrl })
  const location = { href: `${origin}/`, origin, assign: (url: URL) => visited.push(`page: ${url.href}`) }
  const body = { append: () => undefined }
  const document = { querySelector: () => null, baseURI: location.href, addEventListener: () => undefined, body }
  const page = { location, document: { ...document, createElement: () => frame }, navigator: { onLine: true } }
  return Object.assign(new EventTarget(), page) as unknown as Window & typeof globalThis
}

interface WindowBench extends ClientBench {
  readonly popup: FakeWindow
  readonly opened: string[]
  /** Where frames and the page itself went. */
  readonly visited: string[]
}

/** A client on a page, after a sign-in. */
async function signedIn({
  isBlocked = false,
  ...options
}: Partial<ClientOptions> & { isBlocked?: boolean } = {}): Promise<WindowBench> {
  const popup = fakeWindow()
  const opened: string[] = []
  const visited: string[] = []
  const openWindow = (url: string): Window | null => (opened.push(url), isBlocked ? null : (popup as unknown as Window))
  const environment = { window: fakePage(visited), openWindow, locks: undefined }
  const bench = await createClientBench({ redirectUri: `${origin}/`, name: crypto.randomUUID(), environment, ...options })
  onTestFinished(() => bench.client.close())
  await bench.client.login()
  return { ...bench, popup, opened, visited }
}

/** The page at the post-logout redirect URI, opened by the server. */
async function redirectBack(endSessionUrl: URL, parameters = {}): Promise<{ isReceived: boolean; isClosed: boolean }> {
  const { searchParams } = endSessionUrl
  const url = new URL(searchParams.get('post_logout_redirect_uri') ?? '')
  url.search = new URLSearchParams({ state: searchParams.get('state') ?? '', ...parameters }).toString()
  let isClosed = false
  const history = { replaceState: () => undefined }
  const page = { location: url, history, close: () => (isClosed = true) } as unknown as Window
  return { isReceived: await relayCallback(page), isClosed }
}

describe('logout({ transport: "popup" })', () => {
  it('opens the window inside the click, and ends when the server redirects back', async () => {
    const { client, server, popup, opened, visited } = await signedIn()
    const signingOut = client.logout({ transport: 'popup' })
    expect(opened).toEqual(['about:blank'])
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'signing-out' })
    await expect.poll(() => popup.visited, { interval: 1 }).toHaveLength(1)
    expect(popup.document.body.textContent).toBe('Connecting to server.example…')
    const [url = new URL('about:blank')] = popup.visited
    expect(url.pathname).toBe('/end')
    expect(await redirectBack(url)).toEqual({ isReceived: true, isClosed: true })
    expect(await signingOut).toEqual({ local: true, provider: true })
    expect(client.getSnapshot()).toEqual({ ...endedHere, error: undefined })
    expect(popup.closed).toBe(true)
    expect(countOf(server, 'POST /revoke')).toBe(1)
    expect(visited).toEqual([])
  })

  it('rejects if the user closes the window, though the session here has ended', async () => {
    const { client, server, popup } = await signedIn()
    const errors: string[] = []
    client.on('error', ({ error }) => errors.push(error.code))
    server.faults = { respond: ({ url }) => (url.endsWith('/revoke') ? new Promise(() => undefined) : undefined) }
    const signingOut = client.logout({ transport: 'popup' })
    popup.closed = true
    await expect(signingOut).rejects.toMatchObject({
      code: 'popup_closed',
      message: expect.stringContaining('sign-out') as unknown,
    })
    expect(client.getSnapshot()).toMatchObject({ ...endedHere, error: { code: 'popup_closed' } })
    expect(errors).toEqual(['popup_closed'])
  })

  it('rejects if the browser blocks the window, and revokes the tokens all the same', async () => {
    const { client, server } = await signedIn({ isBlocked: true })
    await expect(client.logout({ transport: 'popup' })).rejects.toMatchObject({ code: 'popup_blocked' })
    expect(client.getSnapshot()).toMatchObject({ ...endedHere, error: { code: 'popup_blocked' } })
    await expect.poll(() => countOf(server, 'POST /revoke'), { interval: 1 }).toBe(1)
  })

  it('closes the window if the server has no end session endpoint, and for a sign-out in this browser only', async () => {
    const { client, popup } = await signedIn()
    expect(await client.logout({ transport: 'popup', local: true })).toEqual({ local: true, provider: false })
    expect(popup).toMatchObject({ closed: true, visited: [] })
    const { end_session_endpoint: _none, ...server } = metadata
    const other = await signedIn({ issuer: undefined, server })
    expect(await other.client.logout({ transport: 'popup' })).toEqual({ local: true, provider: false })
    expect(other.popup).toMatchObject({ closed: true, visited: [] })
  })

  it.each([
    ['a custom state', {}, { state: 'mine' }, 'configuration'],
    ['a redirect to another origin', {}, { postLogoutRedirectUri: 'https://other.example/' }, 'configuration'],
    ['a provider that returns no state', { compliance: cognito('eu-1', 'pool').compliance }, {}, 'unsupported'],
  ])('refuses %s, whose response would never be found', async (_what, clientOptions, options, code) => {
    const { client, popup } = await signedIn(clientOptions)
    await expect(client.logout({ transport: 'popup', ...options })).rejects.toMatchObject({ code })
    expect(client.getSnapshot()).toMatchObject({ ...endedHere, error: { code } })
    expect(popup).toMatchObject({ closed: true, visited: [] })
  })

  it.each(['popup', 'iframe'] as const)('is unsupported outside a page: %s', async (transport) => {
    const { client } = await createClientBench()
    await client.login()
    await expect(client.logout({ transport })).rejects.toMatchObject({ code: 'unsupported' })
    expect(client.getSnapshot()).toMatchObject(endedHere)
    expect(await client.logout({ transport: 'redirect' })).toMatchObject({ provider: false, url: { pathname: '/end' } })
  })
})

describe('the page that the server redirects to after a sign-out by popup', () => {
  it('ends the sign-out without an error if the page that opened it is gone', async () => {
    const { client, popup } = await signedIn()
    void client.logout({ transport: 'popup' })
    await expect.poll(() => popup.visited, { interval: 1 }).toHaveLength(1)
    const url = `${origin}/?state=${popup.visited[0]?.searchParams.get('state')}`
    expect(client.isCallback(url)).toBe(true)
    expect(await client.handleCallback(url)).toBeUndefined()
    expect(client.getSnapshot().error).toBeUndefined()
  })

  it.each(['r', 'p', 'i', 'x', 'o'])('sends nothing for the state alone of another kind of request: %s', async (kind) => {
    const url = new URL(`https://server.example/end?post_logout_redirect_uri=${origin}&state=lk.key.${kind}.random`)
    expect(await redirectBack(url)).toEqual({ isReceived: false, isClosed: false })
  })
})

describe('logout({ transport: "iframe" })', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  const frameOpened = async (visited: readonly string[]): Promise<URL> => {
    while (!visited[0]) await new Promise((resolve) => setImmediate(resolve))
    return new URL(visited[0])
  }

  it('ends when the server redirects back in a hidden frame', async () => {
    const { client, visited, opened } = await signedIn()
    const signingOut = client.logout({ transport: 'iframe' })
    expect(await redirectBack(await frameOpened(visited))).toMatchObject({ isReceived: true })
    expect(await signingOut).toEqual({ local: true, provider: true })
    expect(client.getSnapshot()).toEqual({ ...endedHere, error: undefined })
    expect([visited.length, opened.length]).toEqual([1, 0])
  })

  it('rejects after the timeout if the server refuses frames, though the session here has ended', async () => {
    const { client, visited } = await signedIn()
    const signingOut = client.logout({ transport: 'iframe' })
    await frameOpened(visited)
    vi.advanceTimersByTime(10_000)
    await expect(signingOut).rejects.toMatchObject({ code: 'iframe_blocked', hint: expect.stringContaining('frame') as unknown })
    expect(client.getSnapshot()).toMatchObject({ ...endedHere, error: { code: 'iframe_blocked' } })
  })
})
