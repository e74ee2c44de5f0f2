import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { clientKey } from '../client/resolve-options.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { FakePage } from './fake-page.fixture.js'
import { relayCallback } from './transports/relay-callback.js'

const key = clientKey(issuer, 'client-1', undefined)

/** A popup that waits for the response of a sign-in. */
async function openPopup() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const popup = Object.assign(new FakePage('/'), { close: () => undefined })
  const opener = new FakePage('/start')
  const visited: string[] = []
  Object.assign(popup.location, { replace: (url: URL) => visited.push(url.href) })
  const { client } = await opener.open({ environment: { window: opener.window, openWindow: () => popup.window } })
  const controller = new AbortController()
  const login = client.login({ transport: 'popup', signal: controller.signal })
  await vi.waitFor(() => expect(visited).toHaveLength(1), { timeout: 60_000 })
  const state = new URL(visited[0] ?? '').searchParams.get('state') ?? ''
  const cancel = async (): Promise<void> => {
    controller.abort()
    await expect(login).rejects.toMatchObject({ code: 'aborted' })
  }
  /** The page that a server, or an attacker, shows in the popup. */
  const show = (address: string): FakePage => new FakePage(address, popup.sessionStorage)
  const startApp = (page: FakePage): void => {
    const client2 = createOAuthClient({ ...client.options, environment: { window: page.window } } as ClientOptions)
    onTestFinished(() => client2.close())
    void client2.start()
  }
  return { state, cancel, show, startApp }
}

const FORGED = [
  '/cb?code=SECRET&state=forged',
  '/cb#access_token=SECRET&state=forged',
  `/cb?code=SECRET&state=lk.${key}.p.forged`,
  '/cb?code=SECRET&state=lk.zzzz.p.abc',
  '/cb?code=SECRET&state=lk.zzzz.r.abc',
  '/cb?error=access_denied&error_description=SECRET',
]

// Alone, these paths are another origin. The fallback of a single-page app serves them.
const SLASHES = [
  `https://app.example//evil.example/cb?code=SECRET&state=lk.${key}.p.x`,
  `https://app.example//evil.example/cb#access_token=SECRET&state=lk.${key}.i.x`,
  `https://app.example///?code=SECRET&state=lk.${key}.ow.x`,
]

describe('the address bar of a popup with a response that it does not wait for', () => {
  it.each([...FORGED, ...SLASHES])('is cleaned at once by the app: %s', async (address) => {
    const { show, startApp, cancel } = await openPopup()
    const page = show(address)
    startApp(page)
    await expect.poll(() => page.location.href).not.toContain('SECRET')
    await cancel()
  })

  it.each(FORGED)('is cleaned at once by a callback page: %s', async (address) => {
    const { show, cancel } = await openPopup()
    const page = show(address)
    const relayed = relayCallback(page.window)
    expect(page.location.href).toBe('https://app.example/cb')
    await vi.advanceTimersByTimeAsync(1500)
    expect(await relayed).toBe(false)
    expect(page.location.href).toBe('https://app.example/cb')
    await cancel()
  })

  it.each(SLASHES)('is without the response while a callback page asks its opener: %s', async (address) => {
    const { show, cancel } = await openPopup()
    const page = show(address)
    const relayed = relayCallback(page.window)
    expect(page.location.href).toBe(address.replace(/[?#].*/, ''))
    await vi.advanceTimersByTimeAsync(1500)
    expect(await relayed).toBe(false)
    await cancel()
  })

  it.each(['/other?code=theirs&state=theirs', '/cb?item=7'])('is left as it is elsewhere: %s', async (address) => {
    const { show, startApp, cancel } = await openPopup()
    const page = show(address)
    expect(await relayCallback(page.window)).toBe(false)
    startApp(page)
    await vi.advanceTimersByTimeAsync(1500)
    expect(page.location.href).toBe(`https://app.example${address}`)
    await cancel()
  })
})

describe('the address bar of a popup with its response', () => {
  it('is cleaned while it waits for the opener, and has the response again for the app if the opener is gone', async () => {
    const { state, show, cancel } = await openPopup()
    await cancel()
    const page = show(`/cb?code=SECRET&state=${state}`)
    const relayed = relayCallback(page.window)
    expect(page.location.href).toBe('https://app.example/cb')
    await vi.advanceTimersByTimeAsync(1500)
    expect(await relayed).toBe(false)
    expect(page.location.href).toBe(`https://app.example/cb?code=SECRET&state=${state}`)
  })
})
