import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { responseChannelName } from './transports/response-channel.js'

/** A client whose popup is a frame of this page, since a browser under test does not open windows without a click. */
async function benchWithWindow(respond: () => Promise<Response> | undefined): Promise<{
  readonly bench: ClientBench
  readonly popup: { closed: boolean; opener: unknown; readonly document: Document }
  readonly visited: string[]
}> {
  const visited: string[] = []
  const popup = {
    closed: false,
    opener: window as unknown,
    document: document.implementation.createHTMLDocument(),
    close: () => (popup.closed = true),
    location: {
      replace: (url: URL) => visited.push(url.href),
      get href(): string {
        return visited.at(-1) ?? 'about:blank'
      },
    },
  }
  const bench = await createClientBench({
    name: crypto.randomUUID(),
    redirectUri: `${location.origin}/`,
    transport: 'popup',
    environment: { openWindow: () => popup as unknown as Window },
  })
  bench.server.faults = { respond: ({ url }) => (url.includes('.well-known') ? respond() : undefined) }
  onTestFinished(() => bench.client.close())
  return { bench, popup, visited }
}

const never = (): Promise<Response> => new Promise(() => undefined)

describe('the response of a popup or frame', () => {
  it.each(['popup', 'iframe'] as const)('is refused at another address than the redirect URI: %s (mix-up)', async (transport) => {
    const { bench, visited } = await benchWithWindow(() => undefined)
    bench.server.faults = { metadata: { authorization_endpoint: `${location.origin}/authorize` } }
    const login = bench.client.login({ transport })
    const frame = (): string | undefined => document.querySelector<HTMLIFrameElement>('iframe[title="sign-in check"]')?.src
    await expect.poll(() => visited[0] ?? frame()).toBeDefined()
    const state = new URL(visited[0] ?? frame() ?? '').searchParams.get('state') ?? ''
    const channel = new BroadcastChannel(responseChannelName(state))
    const search = new URLSearchParams({ code: 'code-of-another-server', state, iss: issuer }).toString()
    channel.postMessage({ type: 'response', url: `${location.origin}/cb/other?${search}` })
    await expect(login).rejects.toMatchObject({ code: 'issuer_mismatch' })
    expect(countOf(bench.server, 'POST /token')).toBe(0)
    channel.close()
  })
})

describe('a popup while it is blank - invariant 7', () => {
  it('says which server it connects to, and its closing ends the sign-in though the server does not respond', async () => {
    const { bench, popup, visited } = await benchWithWindow(never)
    const { client } = bench
    const login = client.login()
    await expect.poll(() => popup.document.body.textContent).toBe('Connecting to server.example…')
    popup.closed = true
    await expect(login).rejects.toMatchObject({ code: 'popup_closed' })
    expect(client.getSnapshot()).toMatchObject({ activity: 'idle', error: { code: 'popup_closed' } })
    expect(visited).toEqual([])
  })

  it('is not navigated any more if it was closed just before the first navigation', async () => {
    const { bench, popup, visited } = await benchWithWindow(() => {
      popup.closed = true
      return undefined
    })
    await expect(bench.client.login()).rejects.toMatchObject({ code: 'popup_closed' })
    expect(visited).toEqual([])
  })

  it('is closed when the page is left or reloaded, and stays open for a page that is left later', async () => {
    const { bench, popup } = await benchWithWindow(never)
    const login = bench.client.login()
    await expect.poll(() => popup.document.title).not.toBe('')
    window.dispatchEvent(new PageTransitionEvent('pagehide'))
    expect(popup.closed).toBe(true)
    await expect(login).rejects.toMatchObject({ code: 'popup_closed' })
    const second = await benchWithWindow(() => undefined)
    void second.bench.client.login().catch(() => undefined)
    await expect.poll(() => second.visited).toHaveLength(1)
    window.dispatchEvent(new PageTransitionEvent('pagehide'))
    expect(second.popup.closed).toBe(false)
  })

  it('ends with an abort though the server does not respond', async () => {
    const { bench, popup } = await benchWithWindow(never)
    const controller = new AbortController()
    const login = bench.client.login({ signal: controller.signal })
    await expect.poll(() => popup.document.title).not.toBe('')
    controller.abort()
    await expect(login).rejects.toMatchObject({ code: 'aborted' })
    expect(popup.closed).toBe(true)
  })

  it('keeps its opener if the sign-in has a signal, since a browser closes a window for its opener only', async () => {
    const { bench, popup, visited } = await benchWithWindow(() => undefined)
    const controller = new AbortController()
    const login = bench.client.login({ signal: controller.signal })
    await expect.poll(() => visited).toHaveLength(1)
    expect(popup.opener).toBe(window)
    controller.abort()
    await expect(login).rejects.toMatchObject({ code: 'aborted' })
    expect(popup.closed).toBe(true)
  })

  it('has no opener when it shows the authorization server, and its response is received', async () => {
    const { bench, popup, visited } = await benchWithWindow(() => undefined)
    const login = bench.client.login()
    await expect.poll(() => visited).toHaveLength(1)
    expect(popup.opener).toBeNull()
    const request = new URL(visited[0] ?? '').searchParams
    bench.server.nonce = request.get('nonce') ?? undefined
    const state = request.get('state') ?? ''
    const channel = new BroadcastChannel(responseChannelName(state))
    channel.postMessage({
      type: 'response',
      url: `${location.origin}/?${new URLSearchParams({ code: 'code-1', state, iss: issuer }).toString()}`,
    })
    expect(await login).toMatchObject({ tokenSet: { accessToken: 'access-token-1' } })
    channel.close()
  })
})

describe('a popup that looks closed while this page has the focus', () => {
  /** Navigates a popup, lets the page look at it so many times, and makes it look closed. */
  async function closeAfterPolls(polls: number): Promise<{ readonly bench: ClientBench; readonly login: Promise<unknown> }> {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    onTestFinished(() => void vi.restoreAllMocks())
    const { bench, popup, visited } = await benchWithWindow(() => undefined)
    const login = bench.client.login()
    await expect.poll(() => visited).toHaveLength(1)
    vi.advanceTimersByTime(250 * polls)
    popup.closed = true
    vi.advanceTimersByTime(5000)
    return { bench, login }
  }

  it('was closed by the user if it has stayed on another page before', async () => {
    const { login } = await closeAfterPolls(2)
    await expect(login).rejects.toMatchObject({ code: 'popup_closed' })
  })

  it('may be open if it was seen on another page only once: the browser may cut it off a moment after the navigation', async () => {
    const { bench, login } = await closeAfterPolls(1)
    // A rejection would have reached the session by then: it needs no more than the promises that are settled.
    await new Promise((resolve) => setTimeout(resolve))
    expect(bench.client.getSnapshot()).toMatchObject({ activity: 'signing-in' })
    void bench.client.close()
    await expect(login).rejects.toMatchObject({ code: 'aborted' })
  })
})
