import { instantTransport } from '../client/client.fixture.js'
import { clientKey } from '../client/resolve-options.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { createOAuthClient } from '../client/create-client.js'
import { createTestServer, issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import type { TokenStorage } from './token-storage.js'

/** A storage that several clients share, like the tabs of one browser. */
export interface SharedStorage extends TokenStorage {
  readonly values: Map<string, unknown>
}

export function sharedStorage(): SharedStorage {
  const values = new Map<string, unknown>()
  return {
    values,
    persistent: true,
    keepsCryptoKeys: true,
    get: async (key) => values.get(key),
    async update(key, change) {
      const next = change(values.get(key))
      if (next === undefined) values.delete(key)
      else values.set(key, next)
    },
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  }
}

/** Tabs of one browser, in one process. */
export interface SharedTabs {
  readonly server: TestServer
  readonly storage: SharedStorage
  /** Name of the session's record. */
  readonly sessionKey: string
  /** Milliseconds that the clock of all tabs is put forward by. */
  readonly advance: (ms: number) => void
  /** Opens a tab whose client has not started. */
  readonly create: (options?: Partial<ClientOptions>) => OAuthClient
  /** Opens a tab and starts its client. */
  readonly open: (options?: Partial<ClientOptions>) => Promise<OAuthClient>
  readonly close: () => Promise<void>
}

export async function openSharedTabs(): Promise<SharedTabs> {
  const server = await createTestServer()
  const storage = sharedStorage()
  const name = crypto.randomUUID()
  const clock = { offset: 0 }
  const opened: OAuthClient[] = []
  server.authTime = server.now()
  server.now = () => Math.floor((Date.now() + clock.offset) / 1000)
  const create = (options: Partial<ClientOptions> = {}): OAuthClient => {
    const client = createOAuthClient({
      issuer,
      clientId: 'client-1',
      name,
      redirectUri,
      scope: 'openid profile',
      transport: instantTransport(server),
      resources: ['https://api.example/'],
      storage,
      fetch: server.fetch,
      now: () => Date.now() + clock.offset,
      ...options,
    } as ClientOptions)
    opened.push(client)
    return client
  }
  const open = async (options: Partial<ClientOptions> = {}): Promise<OAuthClient> => {
    const client = create(options)
    await client.start()
    return client
  }
  return {
    server,
    storage,
    sessionKey: `latchkey/${clientKey(issuer, 'client-1', name)}/session`,
    advance: (ms) => (clock.offset += ms),
    create,
    open,
    close: async () => void (await Promise.all(opened.map((client) => client.close()))),
  }
}
