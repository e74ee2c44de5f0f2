import { describe, expect, it, onTestFinished } from 'vitest'
import { createOAuthClient } from '../client/create-client.js'
import { instantTransport } from '../client/client.fixture.js'
import type { OAuthClient } from '../client/client.js'
import { createTestServer, issuer, redirectUri } from '../protocol/test-server.fixture.js'
import { sharedStorage } from '../storage/shared-storage.fixture.js'
import { serveClient, type WorkerScope } from './serve-client.js'
import { workerClient } from './worker-client.js'

interface Bench {
  /** Of the page. */
  readonly client: OAuthClient
  /** Of the worker. */
  readonly served: OAuthClient<unknown>
  /** Signs the next user in, in another tab. */
  readonly signInNext: () => Promise<void>
  /** What was sent since the former user has signed in. */
  readonly sent: string[]
}

/** A page and its worker in one thread, and another tab. @param isOpenId whether the server issues ID tokens */
async function createBench(isOpenId: boolean): Promise<Bench> {
  const server = await createTestServer()
  const sent: string[] = []
  let listener: Parameters<WorkerScope['addEventListener']>[1] = () => undefined
  const location = { origin: 'https://app.example' }
  const scope: WorkerScope = { location, addEventListener: (_type, given) => (listener = given) }
  const identity = { issuer, clientId: 'client-1', name: crypto.randomUUID() }
  const options = {
    ...identity,
    redirectUri,
    scope: isOpenId ? 'openid' : 'profile',
    resources: ['https://api.example/'],
    storage: sharedStorage(),
  }
  const served = serveClient({ ...options, fetch: server.fetch }, scope)
  const worker = {
    addEventListener: () => undefined,
    postMessage(data: unknown, ports: Transferable[]) {
      onTestFinished(() => ports.forEach((port) => (port as MessagePort).close()))
      listener({ data, ports } as unknown as MessageEvent<unknown>)
    },
  }
  const transport = instantTransport(server)
  const client = workerClient({ ...identity, worker, redirectUri, transport })
  const other = createOAuthClient({ ...options, transport, fetch: server.fetch })
  onTestFinished(async () => void (await Promise.all([client.close(), served.close(), other.close()])))
  const introspection = { introspection_endpoint: `${issuer}/introspect` }
  const signIn = async (tab: OAuthClient, user: number): Promise<void> => {
    const idToken = isOpenId ? {} : { id_token: undefined }
    const token = { access_token: `at-${user}`, refresh_token: `rt-${user}`, ...idToken }
    const respond = async (request: Request): Promise<undefined> => {
      sent.push(`${request.method} ${request.url} ${request.headers.get('authorization')} ${await request.clone().text()}`)
      return undefined
    }
    server.faults = { metadata: introspection, claims: { sub: `user-${user}`, at_hash: undefined }, token, respond }
    await tab.login()
  }
  await signIn(client, 1)
  await other.start()
  sent.length = 0
  return { client, served, sent, signInNext: () => signIn(other, 2) }
}

const codeOf = (call: Promise<unknown>): Promise<unknown> => call.then(String, ({ code }: { readonly code?: string }) => code)

/** With a token of the session. */
const usesOf = (sent: readonly string[]): readonly string[] => sent.filter((request) => /[ar]t-[12]/.test(request))

const CALLS: ReadonlyArray<readonly [string, (client: OAuthClient) => Promise<unknown>]> = [
  ['fetch()', (client) => client.fetch('https://api.example/', { method: 'POST', body: 'x' })],
  ['userInfo()', (client) => client.userInfo()],
  ['refresh()', (client) => client.refresh()],
  ['revoke()', (client) => client.revoke()],
  ['introspect()', (client) => client.introspect()],
]

describe.each([
  ['with an ID token', true],
  ['without an ID token', false],
])('a call of the former user through a worker, in a session %s', (_name, isOpenId) => {
  it('sends nothing if the next user signs in while the body is read', async () => {
    const { client, signInNext, sent } = await createBench(isOpenId)
    let end = (): void => undefined
    const body = new ReadableStream({ start: (controller) => void (end = () => controller.close()) })
    const request = new Request('https://api.example/', { method: 'POST', body, duplex: 'half' } as RequestInit)
    const former = codeOf(client.fetch(request))
    const changed = new Promise((resolve) => client.on('user-changed', resolve))
    await signInNext()
    await changed
    sent.length = 0
    end()
    expect(await former).toBe('missing_token')
    expect(sent).toEqual([])
  })

  it.each(CALLS)('sends nothing if the message that the next user has signed in is still in flight: %s', async (_call, call) => {
    const { client, served, signInNext, sent } = await createBench(isOpenId)
    const former = new Promise((resolve) => served.on('user-changed', () => resolve(codeOf(call(client)))))
    await signInNext()
    expect(await former).toBe('missing_token')
    // The sign-in itself redeems a code.
    expect(usesOf(sent)).toEqual([])
    expect(await codeOf(client.fetch('https://api.example/'))).toBe('[object Response]')
  })

  it.each([
    ['revoke(token)', (client: OAuthClient) => client.revoke('of-the-caller')],
    ['introspect(token)', (client: OAuthClient) => client.introspect('of-the-caller')],
  ])('uses the token that the caller gave: %s', async (_call, call) => {
    const { client, served, signInNext, sent } = await createBench(isOpenId)
    const former = new Promise((resolve) => served.on('user-changed', () => resolve(codeOf(call(client)))))
    await signInNext()
    await former
    expect(sent).toContainEqual(expect.stringContaining('of-the-caller'))
  })
})
