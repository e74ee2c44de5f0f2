import KeyvRedis, { defaultReconnectStrategy } from '@keyv/redis'
import type { ConnectedStore } from './connected-store.js'
import { watchConnection, type ConnectionState, type WatchedClient } from './connection-state.js'
import { groupCalls } from './group-calls.js'
import { safeKey } from './safe-key.js'
import { timeoutOf, withTimeout, type Limit } from './time-limit.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

type Connection = ConstructorParameters<typeof KeyvRedis>[0]

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** Such as `redis://127.0.0.1:6379`, or a connected client of `@redis/client`. */
  readonly redis: Connection
  /** Prefix of the keys. Default `oauth2`. */
  readonly prefix?: string | undefined
  /**
   * Milliseconds after which a request fails if Redis does not respond. Default 5000. If a connection that the store has opened is lost for
   * longer than a second, requests fail at once until it is back.
   */
  readonly timeout?: number | undefined
}

/** The commands that are used. */
interface Commands {
  get(key: string): Promise<string | null>
  mGet(keys: string[]): Promise<readonly (string | null)[]>
  set(key: string, value: string, options: { readonly NX?: true; readonly PX?: number }): Promise<unknown>
  del(keys: string | string[]): Promise<unknown>
}

/** A client, which sends commands at once if it is ready, and keeps them until it is. */
interface Client extends Commands, WatchedClient {
  readonly isOpen?: boolean
  withCommandOptions?(options: { readonly timeout: number; readonly abortSignal: AbortSignal }): Commands
}

/** Creates a store in Redis, whose `SET … NX PX` is atomic between all processes. */
export function redisStore(options: RedisStoreOptions): ConnectedStore {
  checkMembers(options, { redis: true, prefix: true, timeout: true } satisfies MembersOf<RedisStoreOptions>, {
    name: 'redisStore',
  })
  const { redis, prefix = 'oauth2', timeout: limit } = options
  const timeout = timeoutOf(limit)
  // Keyv's adapter connects and reconnects; the commands are sent directly, without its envelope around each value.
  const adapter = createAdapter(redis, timeout)
  const own = typeof redis === 'string' ? (adapter.client as unknown as Client) : undefined
  const state = own && watchConnection(own, { name: 'Redis', timeout })
  let last: Client | undefined
  const commands = (): Commands | Promise<Commands> => (last?.isReady === true ? last : connect())
  const connect = async (): Promise<Commands> => {
    // The adapter gives a connection up that could not be opened in time.
    if (own?.isOpen === false) state?.restart()
    const connecting = adapter.getClient() as unknown as Promise<Client>
    const client = await (state ? state.untilLost(connecting) : connecting)
    last = client
    return state && client.isReady !== true ? waitingCommands(client, { state, timeout }) : client
  }
  const keyOf = (key: string): string => `${prefix}:${safeKey(key, { ignoresCase: false })}`
  const readTogether = groupCalls(async (keys: readonly string[]) => (await commands()).mGet([...keys]))
  // The nodes of a cluster have different keys, and a host's client may be one.
  const read = typeof redis === 'string' ? readTogether : async (key: string) => (await commands()).get(key)
  const deleteTogether = groupCalls(async (keys: readonly string[]) => {
    await (await commands()).del([...keys])
    return keys
  })
  const remove = typeof redis === 'string' ? deleteTogether : async (key: string) => (await commands()).del(key)
  const store = {
    async get<Value>(key: string): Promise<Value | undefined> {
      const text = await read(keyOf(key))
      return text === null ? undefined : (JSON.parse(text) as Value)
    },
    async set(key: string, value: unknown, expiresAt?: number): Promise<void> {
      await (await commands()).set(keyOf(key), JSON.stringify(value), expiry(expiresAt))
    },
    async add(key: string, value: unknown, expiresAt?: number): Promise<boolean> {
      return (await (await commands()).set(keyOf(key), JSON.stringify(value), { NX: true, ...expiry(expiresAt) })) !== null
    },
    async delete(key: string): Promise<void> {
      await remove(keyOf(key))
    },
  }
  // The connection of this store has no other user. A host's client may have: its commands are waited for.
  const disconnect = (inTime: Limit): Promise<void> =>
    typeof redis === 'string' ? adapter.disconnect(true) : inTime(adapter.disconnect())
  return withTimeout(store, { timeout, name: 'Redis', disconnect })
}

/** While Redis is unreachable, a command waits no longer than the limit, and is then dropped instead of being sent late. */
function waitingCommands(
  client: Client,
  { state, timeout }: { readonly state: ConnectionState; readonly timeout: number },
): Commands {
  const inTime = client.withCommandOptions?.({ timeout, abortSignal: state.lossSignal() }) ?? client
  return {
    get: (key) => state.untilLost(inTime.get(key)),
    mGet: (keys) => state.untilLost(inTime.mGet(keys)),
    set: (key, value, options) => state.untilLost(inTime.set(key, value, options)),
    del: (keys) => state.untilLost(inTime.del(keys)),
  }
}

function createAdapter(redis: Connection, timeout: number): KeyvRedis<unknown> {
  const limits = { throwOnConnectError: true, throwOnErrors: true, connectionTimeout: timeout }
  const socket = { connectTimeout: timeout, reconnectStrategy: defaultReconnectStrategy }
  const adapter = new KeyvRedis<unknown>(typeof redis === 'string' ? { url: redis, socket } : redis, limits)
  // An error without a listener would end the process, also one that no request caused.
  adapter.on('error', () => undefined)
  return adapter
}

/** Redis refuses a lifetime of 0. */
function expiry(expiresAt: number | undefined): { readonly PX?: number } {
  return expiresAt === undefined ? {} : { PX: Math.max(1, Math.ceil(expiresAt - Date.now())) }
}
