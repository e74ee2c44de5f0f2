import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { OAuthClient } from '../client/client.js'
import { rotate } from '../refresh/rotating-server.fixture.js'
import { fakeLocks } from '../storage/fake-locks.fixture.js'
import { openSharedTabs } from '../storage/shared-storage.fixture.js'
import { refreshInWorker, type RefreshWorker } from './refresh-in-worker.js'
import { serveRefreshes } from './serve-refreshes.js'

type Connect = (event: MessageEvent<unknown>) => void

/** A shared worker in this process, and pages that connect to it. */
function sharedWorker(send: typeof fetch): () => RefreshWorker {
  let connect: Connect | undefined
  serveRefreshes({ fetch: send, addEventListener: (_type: string, listener: Connect) => (connect = listener) })
  return () => {
    const { port1, port2 } = new MessageChannel()
    onTestFinished(() => port1.close())
    connect?.({ ports: [port2] } as unknown as MessageEvent)
    return { port: port1, addEventListener: () => undefined }
  }
}

const refresh = (token: string): Request =>
  new Request('https://id.example/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
  })

describe('refreshInWorker()', () => {
  it('sends everything but refresh requests directly', async () => {
    const [send, direct] = [vi.fn(), vi.fn(async () => Response.json({}))]
    const page = refreshInWorker(sharedWorker(send as unknown as typeof fetch)(), direct as unknown as typeof fetch)
    await page('https://id.example/.well-known/openid-configuration')
    const code = new URLSearchParams({ grant_type: 'authorization_code', code: 'c' })
    await page('https://id.example/token', { method: 'POST', body: code })
    expect(direct).toHaveBeenCalledTimes(2)
    expect(send).not.toHaveBeenCalled()
  })

  it('gives the response of a rotation to the page that requests it again after a reload', async () => {
    let respond: (response: Response) => void = () => undefined
    const send = vi.fn(() => new Promise<Response>((resolve) => (respond = resolve)))
    const open = sharedWorker(send as unknown as typeof fetch)
    const abandoned = new AbortController()
    const lost = refreshInWorker(open())(refresh('spent'), { signal: abandoned.signal })
    await expect.poll(() => send.mock.calls.length).toBe(1)
    abandoned.abort(new Error('reload'))
    await expect(lost).rejects.toThrow('reload')
    respond(Response.json({ access_token: 'a', expires_in: 5, refresh_token: 'next' }))
    const after = await refreshInWorker(open())(refresh('spent'))
    expect(await after.json()).toMatchObject({ access_token: 'a', refresh_token: 'next' })
    expect(send).toHaveBeenCalledOnce()
  })

  it.each([
    ['the refresh token was not rotated', () => Response.json({ access_token: 'a' })],
    ['the server refused', () => Response.json({ error: 'invalid_grant' }, { status: 400 })],
  ])('sends the request again if %s', async (_, respond) => {
    const send = vi.fn(async () => respond())
    const page = refreshInWorker(sharedWorker(send as unknown as typeof fetch)())
    await page(refresh('same'))
    await page(refresh('same'))
    expect(send).toHaveBeenCalledTimes(2)
  })

  it('takes the time in the worker from the lifetime of the access token', async () => {
    const send = async (): Promise<Response> => Response.json({ access_token: 'a', expires_in: 50, refresh_token: 'next' })
    const open = sharedWorker(send as unknown as typeof fetch)
    await refreshInWorker(open())(refresh('spent'))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20_000 })
    onTestFinished(() => void vi.useRealTimers())
    const after = await refreshInWorker(open())(refresh('spent'))
    expect(await after.json()).toMatchObject({ expires_in: 30 })
  })

  it('reports a failed request, and tries again', async () => {
    const send = vi.fn(() => Promise.reject(new TypeError('offline')))
    const page = refreshInWorker(sharedWorker(send as unknown as typeof fetch)())
    await expect(page(refresh('same'))).rejects.toThrow(TypeError)
    await expect(page(refresh('same'))).rejects.toThrow(TypeError)
    expect(send).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['there is no shared worker', undefined],
    [
      'the worker does not start',
      { port: new MessageChannel().port1, addEventListener: (_: string, fail: () => void) => fail() },
    ],
  ])('sends the request directly if %s', async (_, worker) => {
    const direct = vi.fn(async () => Response.json({}))
    onTestFinished(() => worker?.port.close())
    await refreshInWorker(worker, direct as unknown as typeof fetch)(refresh('same'))
    expect(direct).toHaveBeenCalledOnce()
  })

  it('refuses a redirect like the page itself', async () => {
    const opaque = Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } })
    const page = refreshInWorker(sharedWorker((async () => opaque) as unknown as typeof fetch)())
    expect((await page(refresh('same'))).type).toBe('opaqueredirect')
  })
})

describe('a client with refreshInWorker()', () => {
  it('keeps its session when a reload loses the response of a rotation', async () => {
    const { server, open, advance, close } = await openSharedTabs()
    onTestFinished(close)
    const connect = sharedWorker(server.fetch)
    // The browser releases the locks of a page that is reloaded, so each page has its own here.
    const openPage = (signal?: AbortSignal): Promise<OAuthClient> =>
      open({
        environment: { locks: fakeLocks() },
        fetch: (input, init) => {
          const request = new Request(input, init)
          return refreshInWorker(connect(), server.fetch)(signal ? new Request(request, { signal }) : request)
        },
      })
    const page = await openPage()
    await page.login()
    advance(400_000)
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const log = rotate(server, () => held.then(() => undefined))
    const reload = new AbortController()
    const before = await openPage(reload.signal)
    const lost = before.getAccessToken().catch((error: unknown) => error)
    await expect.poll(() => log.length).toBe(1)
    reload.abort()
    await lost
    const after = await openPage()
    const token = after.getAccessToken()
    release()
    expect(await token).toBe('access-3')
    expect(log).toHaveLength(1)
    expect(after.getSnapshot().status).toBe('signed-in')
  })
})
