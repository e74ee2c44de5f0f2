import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTestServer, issuer, redirectUri } from '../protocol/test-server.fixture.js'
import type { WorkerScope } from '../worker/serve-client.js'
import type { OAuthClient } from './client.js'
import { instantTransport } from './client.fixture.js'

/** The library as an app built for production has it: without the checks of arguments. */
async function loadForProduction() {
  const core = await import('../index.js')
  const { createOAuthRegistry } = await import('../registry.js')
  const { workerClient } = await import('../worker.js')
  const { serveClient } = await import('../worker-host.js')
  return { ...core, createOAuthRegistry, workerClient, serveClient }
}

type Core = Awaited<ReturnType<typeof loadForProduction>>

async function settingsOf() {
  const server = await createTestServer()
  server.authTime = server.now()
  const resources = ['https://api.example/']
  return { issuer, clientId: 'client-1', redirectUri, transport: instantTransport(server), resources, fetch: server.fetch }
}

const unhandled: unknown[] = []
const note = (cause: unknown): unknown => unhandled.push(cause)

beforeAll(() => {
  process.on('unhandledRejection', note)
  vi.stubEnv('NODE_ENV', 'production')
  vi.resetModules()
})

afterAll(() => {
  process.off('unhandledRejection', note)
  vi.unstubAllEnvs()
  vi.resetModules()
})

type Call = (client: OAuthClient) => unknown

/** Calls without types, as in JavaScript. */
const MISTAKES: ReadonlyArray<readonly [name: string, call: Call]> = [
  ['login(null)', (client) => client.login(null as never)],
  ['login({ signal: {} })', (client) => client.login({ signal: {} as never })],
  ['login({ resources: 5 })', (client) => client.login({ resources: 5 as never })],
  ['getAccessToken(null)', (client) => client.getAccessToken(null as never)],
  ['getAccessToken({ scope: {} })', (client) => client.getAccessToken({ scope: {} as never })],
  [
    'getAccessToken({ forceRefresh, signal: {} })',
    (client) => client.getAccessToken({ forceRefresh: true, signal: {} as never }),
  ],
  ['refresh(null)', (client) => client.refresh(null as never)],
  ['refresh({ signal: {} })', (client) => client.refresh({ signal: {} as never })],
  ['refresh({ scope: 5 })', (client) => client.refresh({ scope: 5 as never })],
  ['userInfo(null)', (client) => client.userInfo(null as never)],
  ['userInfo({ signal: {} })', (client) => client.userInfo({ signal: {} as never })],
  ['revoke(5)', (client) => client.revoke(5 as never)],
  ['revoke(token, null)', (client) => client.revoke('t', null as never)],
  ['introspect(5)', (client) => client.introspect(5 as never)],
  ['fetch(http://[)', (client) => client.fetch('http://[')],
  ['fetch()', (client) => client.fetch(undefined as never)],
  ['fetch(url, { method })', (client) => client.fetch('https://api.example/', { method: 5 as never, body: {} as never })],
  ['handleCallback(5)', (client) => client.handleCallback(5 as never)],
  ['handleCallback(null)', (client) => client.handleCallback(null as never)],
]

/** A page and a worker in one thread. */
async function createWorkerClient({ workerClient, serveClient, memory }: Core): Promise<OAuthClient> {
  const { resources, fetch, ...page } = await settingsOf()
  const ports: MessagePort[] = []
  onTestFinished(() => ports.forEach((port) => port.close()))
  let listener: Parameters<WorkerScope['addEventListener']>[1] = () => undefined
  const scope: WorkerScope = {
    location: { origin: 'https://app.example' },
    addEventListener: (_type, given) => (listener = given),
  }
  const { clientId } = page
  serveClient({ issuer, clientId, resources, fetch, storage: memory() }, scope)
  const worker = {
    addEventListener: () => undefined,
    postMessage(data: unknown, transfer: Transferable[]) {
      ports.push(...(transfer as MessagePort[]))
      listener({ data, ports: transfer } as unknown as MessageEvent<unknown>)
    },
  }
  return workerClient({ ...page, worker })
}

const KINDS: ReadonlyArray<readonly [kind: string, create: (core: Core) => Promise<OAuthClient>]> = [
  ['a client', async ({ createOAuthClient }) => createOAuthClient(await settingsOf())],
  ['a client of a registry', async (core) => core.createOAuthRegistry({ one: await settingsOf() }).one],
  ['a client of a worker', createWorkerClient],
]

describe.each(KINDS)('in production, %s', (_kind, create) => {
  it.each(MISTAKES)('rejects %s with a typed error, or takes it', async (_name, call) => {
    const core = await loadForProduction()
    const client = await create(core)
    await client.login()
    let result: unknown
    expect(() => (result = call(client))).not.toThrow()
    const outcome: unknown = await Promise.resolve(result).catch((cause: unknown) => cause)
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(core.OAuthClientError)
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled.splice(0)).toEqual([])
  })

  it('reports such an error as any other', async () => {
    const client = await create(await loadForProduction())
    await client.login()
    const errors: unknown[] = []
    client.on('error', ({ error }) => errors.push(error))
    const error: unknown = await client.refresh(null as never).catch((cause: unknown) => cause)
    expect(errors).toEqual([error])
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error })
  })

  it.each([undefined, null, 'x', 5, {}])('never calls the listener %j, which development refuses', async (listener) => {
    const core = await loadForProduction()
    const client = await create(core)
    client.on('signed-in', listener as never)
    client.subscribe(listener as never)
    // An uncaught error fails the test run.
    await client.login()
  })

  it('signs out for logout(null)', async () => {
    const client = await create(await loadForProduction())
    await client.login()
    await client.logout(null as never)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle', error: undefined })
  })
})

it.each([
  ['[new URL()]', [new URL('https://a.example/')]],
  ['[{}]', [{}]],
  ['[null]', [null]],
  ['[5]', [5]],
  ['5', 5],
])('in production, a client with "resources" %s is refused with a typed error', async (_text, resources) => {
  const core = await loadForProduction()
  const settings = { ...(await settingsOf()), resources: resources as never }
  const window = {
    location: new URL('https://app.example/'),
    document: { querySelector: () => null, baseURI: 'https://app.example/' },
  }
  for (const environment of [undefined, { window: window as unknown as Window & typeof globalThis }])
    expect(() => core.createOAuthClient({ ...settings, environment })).toThrow(core.ConfigurationError)
})

it('waits for a refresh that fails although the signal is invalid', async () => {
  const core = await loadForProduction()
  const settings = await settingsOf()
  let isDown = false
  const fetch: typeof globalThis.fetch = (input, init) =>
    isDown && new Request(input, init).url.endsWith('/token')
      ? Promise.reject(new TypeError('failed'))
      : settings.fetch(input, init)
  const client = core.createOAuthClient({ ...settings, fetch })
  await client.login()
  isDown = true
  const failed = new Promise((resolve) => client.on('refresh-failed', resolve))
  await expect(client.refresh({ signal: {} as never })).rejects.toBeInstanceOf(core.OAuthClientError)
  await failed
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled.splice(0)).toEqual([])
})

it.each<readonly [name: string, call: (core: Core, client: OAuthClient) => Promise<unknown>]>([
  ['createAuthorizationUrl', ({ createAuthorizationUrl }, client) => createAuthorizationUrl(client, null as never)],
  ['exchange', ({ exchange }, client) => exchange(client, null as never)],
  ['createSignOutUrl', ({ createSignOutUrl }, client) => createSignOutUrl(client, null as never)],
])('in production, %s rejects with a typed error', async (_name, call) => {
  const core = await loadForProduction()
  const client = core.createOAuthClient(await settingsOf())
  await expect(call(core, client)).rejects.toBeInstanceOf(core.OAuthClientError)
})
