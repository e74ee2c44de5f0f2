import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { instantTransport } from '../client/client.fixture.js'
import type { OAuthClient } from '../client/client.js'
import { createTestServer, issuer, redirectUri } from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'
import { serveClient, type WorkerScope } from './serve-client.js'
import { workerClient } from './worker-client.js'

/** A page and a worker in one thread. `die` cuts their connection, as the browser does when it ends a worker. */
async function createPair(): Promise<{ readonly client: OAuthClient; readonly die: () => void }> {
  const server = await createTestServer()
  const ports: MessagePort[] = []
  const die = (): void => ports.forEach((port) => port.close())
  onTestFinished(die)
  let listener: Parameters<WorkerScope['addEventListener']>[1] = () => undefined
  const scope: WorkerScope = {
    location: { origin: 'https://app.example' },
    addEventListener: (_type, given) => (listener = given),
  }
  const identity = { issuer, clientId: 'client-1' }
  const resources = ['https://api.example/']
  serveClient({ ...identity, scope: 'openid', resources, storage: memory(), fetch: server.fetch }, scope)
  const worker = {
    addEventListener: () => undefined,
    postMessage(data: unknown, transfer: Transferable[]) {
      ports.push(...(transfer as MessagePort[]))
      listener({ data, ports: transfer } as unknown as MessageEvent<unknown>)
    },
  }
  const client = workerClient({ ...identity, worker, redirectUri, transport: instantTransport(server) })
  return { client, die }
}

describe('a client of a worker', () => {
  it('signs the page out if the worker has died, and does not reject', async () => {
    // Before the sign-in, which starts the watch over the worker: on the real clock it takes half a minute.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { client, die } = await createPair()
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
    die()
    const reasons: string[] = []
    client.on('signed-out', ({ reason }) => reasons.push(reason))
    let result: unknown
    void client.logout().then((value) => (result = value))
    await expect.poll(() => vi.advanceTimersByTimeAsync(10_000).then(() => result)).toEqual({ local: true, provider: false })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: { code: 'timeout' } })
    expect(reasons).toEqual(['logout'])
  })

  it.each<[string, (client: OAuthClient) => Promise<unknown>]>([
    ['refresh', (client) => client.refresh()],
    ['userInfo', (client) => client.userInfo()],
    ['revoke', (client) => client.revoke()],
    ['introspect', (client) => client.introspect()],
    ['login', (client) => client.login()],
  ])('rejects %s() when it is closed, although the worker does not respond', async (_name, call) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { client, die } = await createPair()
    await client.login()
    die()
    const ended = expect(call(client)).rejects.toMatchObject({ code: 'aborted' })
    void client.close()
    await ended
  })

  it.each([
    ['a URL that cannot be parsed', ['http://[']],
    ['an init that Request refuses', ['https://api.example/', { method: 'GET', body: 'x' }]],
    ['a list as init', ['https://api.example/', []]],
  ])('rejects with a typed error for %s', async (_name, given) => {
    const { client } = await createPair()
    const { fetch } = client as unknown as { readonly fetch: (...given: readonly unknown[]) => Promise<Response> }
    await expect(fetch(...given)).rejects.toMatchObject({ code: 'configuration' })
  })
})
