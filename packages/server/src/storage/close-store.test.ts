import { describe, expect, it, onTestFinished } from 'vitest'
import type { ConnectedStore } from './connected-store.js'
import { memcachedStore } from './memcached-store.js'
import { mysqlStore } from './mysql-store.js'
import { postgresStore } from './postgres-store.js'
import { createMariadb, createPostgres, findPostgres, findProgram, startMemcached, startRedis } from './real-server.fixture.js'
import { redisStore } from './redis-store.js'
import { startSilentServer } from './silent-server.fixture.js'

const timeout = 300
type Open = (port: number) => ConnectedStore

const STORES: readonly (readonly [name: string, open: Open])[] = [
  ['redisStore', (port) => redisStore({ redis: `redis://127.0.0.1:${port}`, timeout })],
  ['memcachedStore', (port) => memcachedStore({ servers: `127.0.0.1:${port}`, timeout })],
  ['postgresStore', (port) => postgresStore({ postgres: `postgres://latchkey@127.0.0.1:${port}/postgres`, timeout })],
  ['mysqlStore', (port) => mysqlStore({ mysql: `mysql://root@127.0.0.1:${port}/mysql`, timeout })],
]

/** Work that hangs ends at the test's own timeout. */
const settles = (work: Promise<unknown>): Promise<'resolved' | 'rejected'> =>
  work.then(
    () => 'resolved',
    () => 'rejected',
  )

const verbs = (store: ConnectedStore): readonly Promise<unknown>[] => [
  store.get('a'),
  store.set('a', 1),
  store.add('b', 1),
  store.delete('a'),
]

describe.each(STORES)('%s().close()', (_name, open) => {
  it('ends if the server accepts the connection and never responds', async () => {
    // covers C-064
    const silent = await startSilentServer()
    onTestFinished(() => silent.stop())
    const store = open(silent.port)
    expect(await Promise.all(verbs(store).map(settles))).toEqual(Array.from({ length: 4 }, () => 'rejected'))
    expect(await settles(store.close())).toBe('resolved')
    await expect.poll(() => silent.open.size).toBe(0)
  })

  it('ends with calls in flight, and refuses later ones', async () => {
    // covers C-064
    const silent = await startSilentServer()
    onTestFinished(() => silent.stop())
    const store = open(silent.port)
    const calls = verbs(store).map(settles)
    expect(await settles(store.close())).toBe('resolved')
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 4 }, () => 'rejected'))
    await expect(store.get('a')).rejects.toThrow('closed')
    await expect.poll(() => silent.open.size).toBe(0)
  })
})

interface Real {
  readonly port: number
  stop(): Promise<void>
}

async function startDatabase(creating: ReturnType<typeof createPostgres>): Promise<Real> {
  const database = await creating
  await database.start()
  const stop = (): Promise<void> => database.stop().then(() => database.remove())
  return { port: Number(new URL(database.url).port), stop }
}

/** Databases take a while to start. */
const hasDatabases = import.meta.env.MODE === 'all'
const [redis, memcached] = [findProgram('redis-server', 'redis-server'), findProgram('memcached', 'memcached')]
const postgres = hasDatabases ? findPostgres() : undefined
const mariadb = hasDatabases ? findProgram('mariadbd', 'mariadb-server') : undefined
const START: Readonly<Record<string, (() => Promise<Real>) | undefined>> = {
  redisStore: redis === undefined ? undefined : () => startRedis(redis),
  memcachedStore: memcached === undefined ? undefined : () => startMemcached(memcached),
  postgresStore: postgres === undefined ? undefined : () => startDatabase(createPostgres(postgres)),
  mysqlStore: mariadb === undefined ? undefined : () => startDatabase(createMariadb(mariadb)),
}

describe.each(STORES.filter(([name]) => START[name] !== undefined))('%s().close() with a real server', (name, open) => {
  it('lets calls in flight finish, and ends if the server falls silent', { timeout: 180_000 }, async () => {
    // covers C-064
    const real = await START[name]?.()
    const proxy = await startSilentServer(real?.port)
    onTestFinished(async () => {
      proxy.stop()
      await real?.stop()
    })
    const first = open(proxy.port)
    // A busy machine may take longer than the store waits.
    await expect.poll(() => settles(first.set('a', 1)), { timeout: 30_000 }).toBe('resolved')
    const read = first.get('a')
    await first.close()
    expect(await read).toBe(1)

    const second = open(proxy.port)
    await expect.poll(() => settles(second.set('a', 1)), { timeout: 30_000 }).toBe('resolved')
    proxy.stall()
    const calls = verbs(second).map(settles)
    expect(await settles(second.close())).toBe('resolved')
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 4 }, () => 'rejected'))
    await expect.poll(() => proxy.open.size).toBe(0)
  })
})
