import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOAuthClient } from '../client/create-client.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import { createClientBench } from '../client/client.fixture.js'
import { LEAVE_TIMEOUT_MS, navigateRedirect } from './start.js'

const request = { url: new URL('https://server.example/authorize'), state: 's', redirectUri: 'https://app.example/' }

function pageThatStays() {
  const assigned: string[] = []
  const target = new EventTarget()
  const location = { href: 'https://app.example/', origin: 'https://app.example', assign: (url: URL) => assigned.push(url.href) }
  const document = { querySelector: () => null, baseURI: location.href, addEventListener: () => undefined }
  const page = Object.assign(target, { location, document, navigator: { onLine: true } })
  return { page: page as unknown as Window & typeof globalThis, assigned }
}

describe('a navigation that does not leave the page: stopped by the user, or a download', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('ends the waiting of a sign-in by redirect', async () => {
    const { page, assigned } = pageThatStays()
    const navigation = navigateRedirect(page, request)
    expect(assigned).toEqual(['https://server.example/authorize'])
    vi.advanceTimersByTime(LEAVE_TIMEOUT_MS)
    expect(await navigation).toBeUndefined()
  })

  it('ends at once when the page comes out of the back/forward cache', async () => {
    const { page } = pageThatStays()
    const navigation = navigateRedirect(page, request)
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    expect(await navigation).toBeUndefined()
  })

  it('ends a sign-out, so that buttons work again', async () => {
    const { page, assigned } = pageThatStays()
    const { client } = await createClientBench({ environment: { window: page } })
    await client.login()
    expect(await client.logout({ revoke: false })).toMatchObject({ provider: true })
    expect(assigned).toHaveLength(1)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'signing-out' })
    vi.advanceTimersByTime(LEAVE_TIMEOUT_MS)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle' })
  })
})

describe('a request whose fetch ignores its signal', () => {
  it('does not let a sign-in wait without end', async () => {
    const { client } = await createClientBench({ fetch: () => new Promise(() => undefined), timeout: 0.05 })
    await expect(client.login()).rejects.toMatchObject({ code: 'timeout' })
  })

  it.each([
    ['the time limit', {}],
    ['the time limit and a signal of the app', { signal: new AbortController().signal }],
  ])('ends a sign-in by %s when the signal of its request has been garbage collected', async (_, options) => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const forget = (): Promise<never> => {
      setTimeout(collectGarbage, 10)
      return new Promise(() => undefined)
    }
    const { client } = await createClientBench({ fetch: forget, timeout: 0.05 })
    await expect(client.login(options)).rejects.toMatchObject({ code: 'timeout' })
  })

  it('does not let a refresh or a sign-out wait without end', async () => {
    const { client: first, server } = await createClientBench({ storage: sharedStorage() })
    await first.login()
    const client = createOAuthClient({ ...first.options, timeout: 0.05 })
    server.faults = { respond: () => new Promise(() => undefined) }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'timeout' })
    expect(await client.logout()).toMatchObject({ local: true })
  })
})
