import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, instantTransport, type ClientBench } from './client.fixture.js'
import { createOAuthClient } from './client.js'
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
