import { internalsOf } from '../client/internals.js'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import type { ClientOptions } from '../client/client-options.js'
import { topLevelPage } from '../platform/top-level-page.fixture.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { responseChannelName } from './transports/response-channel.js'
import { FRAME_NAME } from './windows.js'
import type { Transport } from './transports/transport.js'

const deaf = { postMessage: () => undefined, close: () => undefined, addEventListener: () => undefined }

/** Resolves when the next frame has loaded its page. */
function frameLoaded(): Promise<Event> {
  return new Promise((resolve) => {
    const onLoad = (event: Event): void => {
      if (!(event.target instanceof HTMLIFrameElement)) return
      document.removeEventListener('load', onLoad, true)
      resolve(event)
    }
    document.addEventListener('load', onLoad, true)
  })
}

/**
 * A real hidden frame, at an address of this page's origin that stands for the authorization server: what it would send back to the
 * callback page is sent on the channel as the callback page does.
 */
async function benchWithFrame(
  answer: Readonly<Record<string, string>> | undefined,
  options: Partial<ClientOptions> = {},
): Promise<ClientBench> {
  const bench = await createClientBench({
    silent: ['iframe'],
    name: crypto.randomUUID(),
    redirectUri: `${location.origin}/`,
    ...options,
    environment: { window: topLevelPage(), ...options.environment },
  })
  bench.server.faults = {
    metadata: { authorization_endpoint: `${location.origin}/authorize` },
    token: { refresh_token: undefined },
  }
  const watch = new MutationObserver(() => {
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="sign-in check"]')
    if (!frame?.src || frame.dataset['seen'] || !answer) return
    frame.dataset['seen'] = 'yes'
    const request = new URL(frame.src)
    expect(request.searchParams.get('prompt')).toBe('none')
    bench.server.nonce = request.searchParams.get('nonce') ?? undefined
    const state = request.searchParams.get('state') ?? ''
    const callbackUrl = new URL(`${location.origin}/`)
    for (const [name, value] of Object.entries({ state, iss: issuer, ...answer })) callbackUrl.searchParams.set(name, value)
    const channel = new BroadcastChannel(responseChannelName(state))
    channel.postMessage({ type: 'response', url: callbackUrl.href })
    setTimeout(() => channel.close(), 500)
  })
  watch.observe(document.body, { childList: true })
  onTestFinished(() => {
    watch.disconnect()
    sessionStorage.clear()
  })
  return bench
}

describe('the option "silent"', () => {
  it('signs in at the start if the user is signed in at the server, without showing `signed-out` first', async () => {
    const { client } = await benchWithFrame({ code: 'code-1' })
    const seen = new Set<string>()
    client.subscribe(() => seen.add(client.getSnapshot().status))
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', claims: { sub: 'user-1' } })
    expect([...seen]).not.toContain('signed-out')
    expect(document.querySelector('iframe[title="sign-in check"]')).toBeNull()
    await client.close()
  })

  it('starts signed out, without an error, if no user is signed in at the server', async () => {
    const { client, server } = await benchWithFrame({ error: 'login_required' })
    await client.start()
    expect(client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(countOf(server, 'POST /token')).toBe(0)
    await client.close()
  })

  it('renews a token that has no refresh token, and keeps the user', async () => {
    const { client, advance, server } = await benchWithFrame({ code: 'code-1' })
    await client.start()
    advance(250_000)
    expect(await client.getAccessToken()).toBe('access-token-1')
    expect(countOf(server, 'POST /token')).toBe(2)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', error: undefined })
    await client.close()
  })

  it('does not take another user’s session for a renewal', async () => {
    const { client, advance, server } = await benchWithFrame({ code: 'code-1' })
    await client.start()
    advance(310_000)
    server.faults = { ...server.faults, claims: { sub: 'user-2' } }
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'token_invalid' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle' })
    await client.close()
  })

  it.each([
    ['notices it at once', (name: string) => new BroadcastChannel(name)],
    ['has not heard of it yet', (name: string) => (name.endsWith('/session') ? deaf : new BroadcastChannel(name))],
  ])('drops a renewal that was in flight when another tab signed out, and the tab %s (invariant 10)', async (_, openChannel) => {
    const { client, advance, server } = await benchWithFrame({ code: 'code-1' }, { environment: { openChannel } })
    await client.start()
    const other = createOAuthClient({ ...client.options, environment: {}, silent: [] })
    await other.start()
    advance(250_000)
    let release: () => void = () => undefined
    const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { ...server.faults, respond: (request) => (request.url.endsWith('/token') ? released : undefined) }
    const renewing = client.getAccessToken().catch((error: unknown) => error)
    await expect.poll(() => countOf(server, 'POST /token')).toBe(2)
    await other.logout({ local: true, revoke: false })
    release()
    expect(await renewing).toMatchObject({ code: 'missing_token' })
    expect(client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    const later = createOAuthClient(other.options)
    await later.start()
    for (const tab of [other, later]) expect(tab.getSnapshot().status).toBe('signed-out')
    await Promise.all([client, other, later].map((tab) => tab.close()))
  })

  it('starts no sign-in in the hidden frame of another one, neither silent nor visible', async () => {
    const requests: string[] = []
    const record = (transport: string): Transport => ({
      name: transport,
      prepare: () => ({ navigate: async ({ url }) => void requests.push(url.href), cancel: () => undefined }),
    })
    const { client } = await benchWithFrame(undefined, { environment: { window } })
    window.name = FRAME_NAME
    onTestFinished(() => void (window.name = ''))
    await client.start()
    expect(document.querySelector('iframe[title="sign-in check"]')).toBeNull()
    expect(client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    for (const transport of ['iframe', 'redirect', record('own')] as const)
      await expect(client.login({ transport })).rejects.toMatchObject({ code: 'iframe_blocked' })
    expect(requests).toEqual([])
    await client.close()
  })

  it('marks its frame, also after the frame has navigated', async () => {
    const { client } = await benchWithFrame(undefined, { redirectUri: `${location.origin}/` })
    const ended = new AbortController()
    const login = client.login({ transport: 'iframe', prompt: 'none', signal: ended.signal }).catch(() => undefined)
    const frame = () => document.querySelector<HTMLIFrameElement>('iframe[title="sign-in check"]')
    await expect.poll(() => frame()?.contentWindow?.location.pathname).toBe('/authorize')
    expect(frame()?.contentWindow?.name).toBe(FRAME_NAME)
    ended.abort()
    await login
    await client.close()
  })

  it('does not sign in again a user who signed out in this tab', async () => {
    const { client } = await benchWithFrame({ code: 'code-1' })
    await client.start()
    await client.logout({ local: true, revoke: false })
    await client.close()
    const { signInSilently } = await internalsOf(client).sessionCalls()
    expect(await signInSilently()).toBeUndefined()
    expect(client.getSnapshot().status).toBe('signed-out')
  })

  it('names the likely causes if the frame gets no response', async () => {
    const { client } = await benchWithFrame(undefined)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const loaded = frameLoaded()
    const login = client.login({ transport: 'iframe', prompt: 'none' })
    await Promise.all([
      expect(login).rejects.toMatchObject({
        code: 'iframe_blocked',
        hint: expect.stringContaining('X-Frame-Options') as string,
      }),
      loaded.then(() => vi.advanceTimersByTimeAsync(10_000)),
    ])
    await client.close()
  })
})
