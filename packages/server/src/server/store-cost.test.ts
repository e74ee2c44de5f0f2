import { createClient } from '@keyv/redis'
import { describe, expect, it } from 'vitest'
import type { AtomicStore } from '../storage/atomic-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { findProgram, startRedis } from '../storage/real-server.fixture.js'
import { redisStore } from '../storage/redis-store.js'
import { serverOver, STORE_FLOWS } from './store-flows.fixture.js'

/** What a flow costs: operations of the store, and how many of them are waited for one after another. */
interface StoreCost {
  readonly operations: number
  readonly turns: number
}

/** Exact, and the same on every machine: a flow that costs more is slower on every store. If it costs less, write the new number. */
const COSTS: Readonly<Record<string, StoreCost>> = {
  'sign-in and code': { operations: 16, turns: 12 },
  code: { operations: 10, turns: 5 },
  'code with a pushed request': { operations: 19, turns: 6 },
  'code with DPoP': { operations: 12, turns: 7 },
  refresh: { operations: 8, turns: 4 },
  'client credentials': { operations: 2, turns: 2 },
  introspection: { operations: 4, turns: 3 },
  UserInfo: { operations: 3, turns: 2 },
  'an API call': { operations: 3, turns: 2 },
}

/** Redis commands of each flow, of which those of one turn are sent together. */
const COMMANDS: Readonly<Record<string, number>> = {
  'sign-in and code': 14,
  code: 7,
  'code with a pushed request': 10,
  'code with DPoP': 9,
  refresh: 6,
  'client credentials': 2,
  introspection: 3,
  UserInfo: 2,
  'an API call': 2,
}

/** Commands that a connection starts with, and the one that reads the statistics. */
const OF_CONNECTIONS = /^(?:hello|client|ping|info)/

/** Counts the operations of a store. Those that begin before the first of them ends are one turn. */
function countingStore(inner: AtomicStore): { readonly store: AtomicStore; readonly cost: () => StoreCost } {
  let operations = 0
  let turns = 0
  let turn: Promise<void> | undefined
  const startTurn = async (): Promise<void> => {
    turns += 1
    await new Promise((resolve) => void setImmediate(resolve))
    turn = undefined
  }
  const counted = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
    operations += 1
    await (turn ??= startTurn())
    return operation()
  }
  return {
    store: {
      get: (key) => counted(() => inner.get(key)),
      set: (key, value, expiresAt) => counted(() => inner.set(key, value, expiresAt)),
      add: (key, value, expiresAt) => counted(() => inner.add(key, value, expiresAt)),
      delete: (key) => counted(() => inner.delete(key)),
    },
    cost: () => ({ operations, turns }),
  }
}

describe('what a flow costs in a store', () => {
  it.each(Object.entries(STORE_FLOWS))('is known: %s', async (name, prepare) => {
    const { store, cost } = countingStore(memoryStore())
    const run = await prepare(await serverOver(store))
    const before = cost()
    expect(await run()).toBe(true)
    const { operations, turns } = cost()
    expect({ operations: operations - before.operations, turns: turns - before.turns }).toEqual(COSTS[name])
  })

  // cspell:ignore commandstats cmdstat
  const redis = findProgram('redis-server', 'redis-server')
  it.skipIf(redis === undefined)('is few commands of Redis', async () => {
    const server = await startRedis(redis ?? '')
    const place = `redis://127.0.0.1:${server.port}`
    const store = redisStore({ redis: place })
    const client = await createClient({ url: place }).connect()
    const commands = async (): Promise<number> => {
      const statistics = await client.info('commandstats')
      const calls = [...statistics.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
      return calls.reduce((sum, [, name = '', count]) => sum + (OF_CONNECTIONS.test(name) ? 0 : Number(count)), 0)
    }
    const found: Record<string, number> = {}
    for (const [name, prepare] of Object.entries(STORE_FLOWS)) {
      const run = await prepare(await serverOver(store))
      const before = await commands()
      expect(await run(), name).toBe(true)
      found[name] = (await commands()) - before
    }
    client.destroy()
    await store.close()
    await server.stop()
    expect(found).toEqual(COMMANDS)
  })
})
