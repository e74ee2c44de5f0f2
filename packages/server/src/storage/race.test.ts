import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CIBA_GRANT_TYPE } from '../features/ciba/ciba-request.js'
import { memcachedStore } from './memcached-store.js'
import {
  buildRaceWorker,
  expectSingleUse,
  makeApprovedRequests,
  makeCodes,
  makeRefreshTokens,
  raceTwice,
  removeRaceWorker,
} from './race.fixture.js'
import { findProgram, startMemcached, startRedis, type RealServer } from './real-server.fixture.js'
import { redisStore } from './redis-store.js'
import { sqliteStore } from './sqlite-store.js'

let folder = ''
beforeAll(async () => {
  folder = await buildRaceWorker()
}, 60_000)
afterAll(() => removeRaceWorker(folder))

describe('two processes that share a store', () => {
  it('redeem each of a thousand codes once, over SQLite', async () => {
    // covers C-028, C-038, C-056
    const place = join(folder, 'race.db')
    const store = sqliteStore({ file: place })
    const where = { kind: 'sqlite', place } as const
    // Every write is synced to disk: a thousand token requests would take a minute.
    const taken = await raceTwice({ ...where, grantType: 'take', tokens: await makeCodes(store, 1000) })
    expect(taken.filter((count) => count === 1)).toHaveLength(1000)
    const redeemed = await raceTwice({ ...where, grantType: 'authorization_code', tokens: await makeCodes(store, 50) })
    expect(redeemed.filter((count) => count === 1)).toHaveLength(50)
    const refreshed = await raceTwice({ ...where, grantType: 'refresh_token', tokens: await makeRefreshTokens(store, 50) })
    expect(refreshed.filter((count) => count === 1)).toHaveLength(50)
    const signIns = await raceTwice({ ...where, grantType: CIBA_GRANT_TYPE, tokens: await makeApprovedRequests(store, 25) })
    expect(signIns.filter((count) => count === 1)).toHaveLength(25)
    await store.close()
  }, 120_000)

  const redis = findProgram('redis-server', 'redis-server')
  it.skipIf(redis === undefined)(
    'redeem each of a thousand codes once, over Redis',
    async () => {
      // covers C-028, C-038, C-056
      const server: RealServer = await startRedis(redis ?? '')
      const place = `redis://127.0.0.1:${server.port}`
      try {
        const store = redisStore({ redis: place })
        await expectSingleUse(store, { kind: 'redis', place }, { codes: 1000 })
        await store.close()
      } finally {
        await server.stop()
      }
    },
    60_000,
  )

  const memcached = findProgram('memcached', 'memcached')
  it.skipIf(memcached === undefined)(
    'redeem each of a thousand codes once, over memcached',
    async () => {
      // covers C-028, C-038, C-056
      const server: RealServer = await startMemcached(memcached ?? '')
      const place = `127.0.0.1:${server.port}`
      try {
        const store = memcachedStore({ servers: place })
        await expectSingleUse(store, { kind: 'memcached', place }, { codes: 1000 })
        await store.close()
      } finally {
        await server.stop()
      }
    },
    60_000,
  )
})
