import { loadServerCalls, loadSessionCalls } from '../client/lazy.js'
import type { ResourceMetadata } from '../endpoints/resource-metadata.js'
import type { Environment } from '../platform/environment.js'
import { isRecord } from '../platform/is-record.js'
import type { ServerMetadata } from '../protocol/server-metadata.js'
import { createRecordStore, type RecordStore } from '../storage/record-store.js'
import { TabStorage } from '../storage/tab-storage.js'
import type { TokenStorage } from '../storage/token-storage.js'

/** A client id, and for a server that registers no public clients its secret. */
export interface RegisteredClient {
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly clientAuth?: 'client_secret_basic' | 'client_secret_post' | undefined
  /** Seconds since the epoch: when the secret expires. */
  readonly expiresAt?: number | undefined
  /** The server that has registered it. No other server gets it. */
  readonly issuer?: string | undefined
}

/** What is remembered of a connection: enough to find its session and its callback without a request. */
export interface StoredConnection extends RegisteredClient {
  readonly source: 'given' | 'document' | 'registration'
  readonly url: string
  readonly resource: string
  readonly metadata?: ResourceMetadata | undefined
  readonly server: ServerMetadata
  readonly metadataUrl: string
  readonly redirectUri?: string | undefined
  readonly scope: string
}

/** What outlives the page: connections by their URL, registered clients by server and redirect URI. Both are sealed as sessions are. */
export interface ConnectionStore {
  readConnection(url: string): Promise<StoredConnection | undefined>
  writeConnection(connection: StoredConnection): Promise<void>
  forgetConnection(url: string): Promise<void>
  /** Keeps a connection in this tab, for the callback of a redirect. Only if the storage ends with the page. */
  beforeSignIn(connection: StoredConnection): void
  afterSignIn(url: string): void
  /** @returns the URLs of all connections */
  urls(): Promise<readonly string[]>
  /** Waits for work of the same name, in other tabs as well if the browser has locks: two calls must not register two clients. */
  oneAtATime<Result>(name: string, work: () => Promise<Result>): Promise<Result>
  /** @returns undefined also for a client whose secret has expired */
  readRegistration(issuer: string, redirectUri: string): Promise<RegisteredClient | undefined>
  writeRegistration(issuer: string, redirectUri: string, client: RegisteredClient): Promise<void>
  forgetRegistration(issuer: string, redirectUri: string): Promise<void>
}

const CONNECTION = 'latchkey/connection/'

/** As JSON, the two never run together. */
function keyOf(issuer: string, redirectUri: string): string {
  return `latchkey/registration/${JSON.stringify([issuer, redirectUri])}`
}

/** What is in progress where there are no locks, such as in Node: the last of each storage. */
const queues = new WeakMap<TokenStorage, Promise<unknown>>()

function queued<Result>(storage: TokenStorage, work: () => Promise<Result>): Promise<Result> {
  const result = (queues.get(storage) ?? Promise.resolve()).then(work)
  queues.set(
    storage,
    result.catch(() => undefined),
  )
  return result
}

export function createConnectionStore(
  storage: TokenStorage,
  { window: page, now, locks }: Pick<Environment, 'window' | 'now' | 'locks'>,
): ConnectionStore {
  // With a storage that ends with the page, a redirect needs another one, as its transaction does.
  const tab = new TabStorage(storage.persistent ? undefined : page, CONNECTION)
  const { storage: kept, records } = createRecordStore({
    storage,
    now,
    locks,
    onError: () => undefined,
    load: loadServerCalls,
    loadRareCalls: loadSessionCalls,
  })
  return {
    async readConnection(url) {
      const value = (await readRecord(records, CONNECTION + url)) ?? tab.get(url)
      return isConnection(value) && value.url === url && !isExpired(value, now()) ? value : undefined
    },
    beforeSignIn: (connection) => void tab.set(connection.url, connection),
    afterSignIn: (url) => tab.remove(url),
    writeConnection: async (connection) => void (await records.write(CONNECTION + connection.url, connection)),
    forgetConnection: async (url) => void (await records.take(CONNECTION + url)),
    async urls() {
      const keys = [...(await kept.keys(CONNECTION)), ...(tab.area ? Object.keys(tab.area) : [])]
      return keys.filter((key) => key.startsWith(CONNECTION)).map((key) => key.slice(CONNECTION.length))
    },
    oneAtATime: (name, work) => (locks ? locks.request(name, work) : queued(storage, work)),
    async readRegistration(issuer, redirectUri) {
      const value = await readRecord(records, keyOf(issuer, redirectUri))
      return isClient(value) && value.issuer === issuer && !isExpired(value, now()) ? value : undefined
    },
    writeRegistration: async (issuer, redirectUri, client) =>
      void (await records.write(keyOf(issuer, redirectUri), { ...client, issuer })),
    forgetRegistration: async (issuer, redirectUri) => void (await records.take(keyOf(issuer, redirectUri))),
  }
}

/** @returns undefined for a record that cannot be read */
async function readRecord(records: RecordStore, key: string): Promise<unknown> {
  const record = await records.read(key)
  return typeof record === 'object' ? record.value : undefined
}

function isExpired({ expiresAt }: RegisteredClient, now: number): boolean {
  return expiresAt !== undefined && expiresAt * 1000 <= now
}

function isClient(value: unknown): value is RegisteredClient & { readonly issuer: string } {
  return isRecord(value) && typeof value['clientId'] === 'string' && typeof value['issuer'] === 'string'
}

function isConnection(value: unknown): value is StoredConnection {
  if (!isRecord(value) || !isRecord(value['server']) || typeof value['server']['issuer'] !== 'string') return false
  return ['clientId', 'source', 'url', 'resource', 'metadataUrl', 'scope'].every((name) => typeof value[name] === 'string')
}
