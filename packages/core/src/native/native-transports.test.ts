import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NavigateRequest } from '../sign-in/transports/transport.js'
import { capacitorTransport } from './capacitor-transport.js'
import { electronTransport } from './electron-transport.js'
import { extensionTransport, type IdentityApi } from './extension-transport.js'
import { type ExternalBrowser, externalBrowserTransport, type NativeTransportOptions } from './external-browser-transport.js'

const authorize = new URL('https://id.example.com/authorize')
const request = { url: authorize, state: 'state-1', redirectUri: 'com.example.app://callback' }

/** Freezes time, so that a test of a limit takes none. */
function fakeTimers(): void {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
}

/** A browser that the test answers for. */
function createBrowser(members: Partial<ExternalBrowser> = {}) {
  const heard: Array<(url: string) => boolean> = []
  const stop = vi.fn()
  const open = vi.fn()
  const browser: ExternalBrowser = { open, onUrl: (listener) => (heard.push(listener), stop), ...members }
  const navigate = (parts: Partial<NavigateRequest> = {}, options?: NativeTransportOptions): Promise<URL | undefined> =>
    externalBrowserTransport('host', browser, options)
      .prepare()
      .navigate({ ...request, ...parts })
  return { navigate, open, stop, deliver: (url: string): boolean => heard.some((listener) => listener(url)) }
}

describe('externalBrowserTransport()', () => {
  it.each([
    ['com.example.app://callback', 'com.example.app://callback/?code=1&state=state-1'],
    ['com.example.app://Callback', 'com.example.app://callback?code=1&state=state-1'],
    ['com.example.app://callback', 'COM.EXAMPLE.APP://CALLBACK/?code=1&state=state-1'],
    ['com.example.app:/callback', 'com.example.app:/callback/?code=1&state=state-1'],
    ['https://App.example.com/callback', 'https://app.example.com/callback?code=1&state=state-1'],
  ])('with the redirect URI %s accepts %s', async (redirectUri, response) => {
    const { navigate, deliver } = createBrowser()
    const navigation = navigate({ redirectUri })
    await Promise.resolve()
    expect(deliver(response)).toBe(true)
    expect((await navigation)?.searchParams.get('code')).toBe('1')
  })

  it.each([
    'com.example.other://callback?code=1&state=state-1',
    'com.example.app://callback/more?code=1&state=state-1',
    'com.example.app://other?code=1&state=state-1',
    'com.example.app://callback?code=1&state=state-2',
    'com.example.app://callback',
    'not a URL',
  ])('ignores %s', async (response) => {
    fakeTimers()
    const { navigate, deliver } = createBrowser()
    const navigation = navigate().catch((error: unknown) => error)
    await Promise.resolve()
    expect(deliver(response)).toBe(false)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(await navigation).toMatchObject({ code: 'timeout' })
  })

  it.each([
    [undefined, 600],
    [{ timeoutSeconds: 5 }, 5],
  ])('waits no longer than the limit, with %j', async (options, seconds) => {
    fakeTimers()
    const { navigate, stop } = createBrowser()
    const settled = vi.fn()
    const navigation = navigate({}, options).catch(settled)
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1)
    expect(settled).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await navigation
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ code: 'timeout', retryable: true }))
    expect(stop).toHaveBeenCalledTimes(1)
    await vi.runAllTimersAsync()
    expect(settled).toHaveBeenCalledTimes(1)
    expect(stop).toHaveBeenCalledTimes(1)
  })

  const never = (): Promise<never> => new Promise(() => undefined)
  it.each([
    ['never registers its listener', { onUrl: never }],
    ['never opens', { open: never }],
    ['never closes', { close: never }],
    ['never removes its listener', { onUrl: () => never }],
  ])('ends in time if the browser %s', async (_, members) => {
    fakeTimers()
    const navigation = createBrowser(members)
      .navigate()
      .catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(602_000)
    expect(await navigation).toMatchObject({ code: 'timeout' })
  })

  it('opens no browser after the sign-in was aborted', async () => {
    const controller = new AbortController()
    const { navigate, open } = createBrowser({
      async onUrl() {
        controller.abort()
        return () => undefined
      },
    })
    await expect(navigate({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
    expect(open).not.toHaveBeenCalled()
  })

  it.each([0, -1, Number.NaN])('refuses a limit of %d seconds', (timeoutSeconds) => {
    const { navigate } = createBrowser()
    const wrong = expect.objectContaining({ code: 'configuration' }) as unknown
    expect(() => navigate({}, { timeoutSeconds })).toThrow(wrong)
    expect(() => extensionTransport({} as IdentityApi, { timeoutSeconds })).toThrow(wrong)
  })

  it('has the limit in every host', async () => {
    fakeTimers()
    const handle = { remove: () => Promise.resolve() }
    const addListener = (): Promise<typeof handle> => Promise.resolve(handle)
    const browser = { open: () => Promise.resolve(), close: () => Promise.resolve(), addListener }
    const app = { on: () => undefined, off: () => undefined }
    const shell = { openExternal: () => Promise.resolve() }
    const identity = { launchWebAuthFlow: never }
    const options = { timeoutSeconds: 1 }
    const transports = [
      capacitorTransport({ app: { addListener }, browser }, options),
      electronTransport({ app, shell }, options),
      extensionTransport(identity, options),
    ]
    const results = transports.map((transport) =>
      transport
        .prepare()
        .navigate(request)
        .catch((error: unknown) => error),
    )
    await vi.advanceTimersByTimeAsync(1000)
    for (const error of await Promise.all(results)) expect(error).toMatchObject({ code: 'timeout' })
  })
})

describe('extensionTransport() with the callback API of Manifest V2', () => {
  it.each([
    ['returns nothing', () => undefined],
    [
      'throws without a callback',
      () => {
        throw new TypeError('Error in invocation of identity.launchWebAuthFlow: No matching signature.')
      },
    ],
  ])('hints at the promise if it %s', async (_, launchWebAuthFlow) => {
    const transport = extensionTransport({ launchWebAuthFlow } as unknown as IdentityApi)
    await expect(transport.prepare().navigate(request)).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('Manifest V3') as string,
    })
  })
})
