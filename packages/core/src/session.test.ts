import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, instantTransport, type ClientBench } from './client.fixture.js'
import { createOAuthClient } from './client.js'
import type { OAuthClient } from './oauth-client.js'
import { memory } from './storage/memory.js'

/** Answers of the endpoint wait from now on. @returns lets them go */
function hold({ server }: ClientBench, path: string): () => void {
  let release: () => void = () => undefined
  const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
  server.faults = { ...server.faults, respond: (request) => (request.url.endsWith(path) ? released : undefined) }
  return release
}

/** What a page that is opened now would show. */
async function statusAfterReload({ client }: ClientBench): Promise<string> {
  const next = createOAuthClient(client.options)
  await next.start()
  const { status } = next.getSnapshot()
  await next.close()
  return status
}

const local = { local: true, revoke: false }

describe('invariant 10: a sign-in that was in flight cannot bring a signed-out session back', () => {
  it('drops the token response that comes after the sign-out', async () => {
    const bench = await createClientBench({ storage: memory() })
    const ignored: string[] = []
    bench.client.on('callback-ignored', ({ reason }) => ignored.push(reason))
    await bench.client.start()
    const release = hold(bench, '/token')
    const signingIn = bench.client.login()
    await expect.poll(() => countOf(bench.server, 'POST /token')).toBe(1)
    await bench.client.logout(local)
    release()
    expect(await signingIn).toBeUndefined()
    expect(ignored).toHaveLength(1)
    expect(bench.client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('spends no code that comes back after the sign-out', async () => {
    const bench = await createClientBench({ storage: memory() })
    await bench.client.start()
    const inner = instantTransport(bench.server)
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const isAway = new Promise<void>((leave) => {
      void bench.client.login({
        transport: {
          name: 'slow',
          prepare: () => ({
            async navigate(request) {
              leave()
              await released
              return inner.prepare().navigate(request)
            },
            cancel: () => undefined,
          }),
        },
      })
    })
    await isAway
    await bench.client.logout(local)
    release()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(countOf(bench.server, 'POST /token')).toBe(0)
    expect(bench.client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
  })

  it('writes nothing when the person signs out while onTokenSet is at work', async () => {
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let calls = 0
    const onTokenSet = (): Promise<void> => ((calls += 1), released)
    const bench = await createClientBench({ storage: memory(), onTokenSet })
    await bench.client.start()
    const signingIn = bench.client.login()
    await expect.poll(() => calls).toBe(1)
    await bench.client.logout(local)
    release()
    expect(await signingIn).toBeUndefined()
    expect(bench.client.getSnapshot().status).toBe('signed-out')
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('clears what was being written as the person signed out', async () => {
    const storage = memory()
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let isWriting = false
    // The sign-out's own write goes ahead of that of the sign-in.
    const slow = {
      ...storage,
      async update(key: string, change: (stored: unknown) => unknown): Promise<void> {
        if (key.endsWith('/session') && !isWriting) {
          isWriting = true
          await released
        }
        return storage.update(key, change)
      },
    }
    const bench = await createClientBench({ storage: slow })
    await bench.client.start()
    const signingIn = bench.client.login()
    await expect.poll(() => isWriting).toBe(true)
    await bench.client.logout(local)
    release()
    expect(await signingIn).toBeUndefined()
    expect(bench.client.getSnapshot().status).toBe('signed-out')
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('lets a sign-in pass that was begun after the sign-out', async () => {
    const bench = await createClientBench({ storage: memory() })
    await bench.client.login()
    const leaving = bench.client.logout(local)
    await bench.client.login()
    await leaving
    expect(bench.client.getSnapshot().status).toBe('signed-in')
    expect(await statusAfterReload(bench)).toBe('signed-in')
  })
})

describe('logout() before the start is over', () => {
  it.each([
    ['while the storage is read', (client: OAuthClient) => void client.start()],
    ['before anything was started', () => undefined],
  ])('revokes the stored tokens and forgets them, %s (A-096, B-049)', async (_, begin) => {
    const bench = await createClientBench({ storage: memory() })
    await bench.client.login()
    const page = createOAuthClient(bench.client.options)
    begin(page)
    await page.logout()
    expect(countOf(bench.server, 'POST /revoke')).toBe(1)
    expect(bench.server.bodies.at(-1)?.get('token')).toBe('refresh-token-2')
    await page.start()
    expect(page.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(await statusAfterReload(bench)).toBe('signed-out')
  })

  it('revokes the refresh token that another tab got, not the spent one that this tab knows', async () => {
    const bench = await createClientBench({ storage: memory() })
    await bench.client.login()
    const other = createOAuthClient(bench.client.options)
    await other.start()
    bench.server.faults = { token: { refresh_token: 'refresh-token-3' } }
    await other.refresh()
    await bench.client.logout()
    expect(bench.server.bodies.at(-1)?.get('token')).toBe('refresh-token-3')
  })
})

describe('a stored session that is none', () => {
  it.each([[{}], [null], ['text'], [{ accessToken: 1 }]])('is nobody’s: %j (invariant 11)', async (data) => {
    const storage = memory()
    const bench = await createClientBench({ storage })
    await bench.client.login()
    for (const key of await storage.keys('latchkey/')) {
      if (key.endsWith('/session')) await storage.update(key, (stored) => ({ ...(stored as object), data }))
    }
    expect(await statusAfterReload(bench)).toBe('signed-out')
    await bench.client.logout()
    expect(bench.client.getSnapshot()).toMatchObject({ status: 'signed-out', error: undefined })
  })

  it.each([[{}], [null]])('does not take %j for server metadata, but asks the server anew (invariant 11)', async (data) => {
    const storage = memory()
    const bench = await createClientBench({ storage })
    await bench.client.login()
    for (const key of await storage.keys('latchkey/')) {
      if (key.endsWith('/server')) await storage.update(key, (stored) => ({ ...(stored as object), data }))
    }
    const next = createOAuthClient(bench.client.options)
    await next.login()
    expect(next.getSnapshot().status).toBe('signed-in')
    expect(countOf(bench.server, 'GET /.well-known/openid-configuration')).toBe(2)
  })
})
