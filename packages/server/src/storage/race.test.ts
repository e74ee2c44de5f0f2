import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CIBA_GRANT_TYPE } from '../features/ciba/ciba-request.js'
import { memcachedStore } from './memcached-store.js'
import {
  buildRaceWorker,
  expectSingleUse,
  expectSingleUseOfOAuth1,
  makeApprovedRequests,
  makeCodes,
  makeRefreshTokens,
  raceTwice,
  removeRaceWorker,
} from './race.fixture.js'
import { findProgram, startMemcached, startRedis, type RealServer } from './real-server.fixture.js'
import { redisStore } from './redis-store.js'
import { sqliteStore } from './sqlite-store.js'

/** `npm run more:stores` uses a thousand codes. A store whose redemption is not atomic fails with a few already: 25 collide at a time. */
const [CODES, OTHERS] = import.meta.env.MODE === 'all' ? [1000, 200] : [100, 50]
/** Over SQLite, which syncs every write to disk. */
const FEW = 25

let folder = ''
beforeAll(async () => {
  folder = await buildRaceWorker()
})
afterAll(() => removeRaceWorker(folder))

describe('two processes that share a store', () => {
  it('redeem each of many codes once, over SQLite', async () => {
    // covers C-028, C-038, C-056
    const place = join(folder, 'race.db')
    const store = sqliteStore({ file: place })
    const where = { kind: 'sqlite', place } as const
    // Every write is synced to disk, so that most codes are taken straight out of the store.
    const taken = await raceTwice({ ...where, grantType: 'take', tokens: await makeCodes(store, CODES) })
    expect(taken.filter((count) => count === 1)).toHaveLength(CODES)
    const redeemed = await raceTwice({ ...where, grantType: 'authorization_code', tokens: await makeCodes(store, FEW) })
    expect(redeemed.filter((count) => count === 1)).toHaveLength(FEW)
    const refreshed = await raceTwice({ ...where, grantType: 'refresh_token', tokens: await makeRefreshTokens(store, FEW) })
    expect(refreshed.filter((count) => count === 1)).toHaveLength(FEW)
    const signIns = await raceTwice({ ...where, grantType: CIBA_GRANT_TYPE, tokens: await makeApprovedRequests(store, FEW) })
    expect(signIns.filter((count) => count === 1)).toHaveLength(FEW)
    await expectSingleUseOfOAuth1(where, 10)
    await store.close()
  })

  const redis = findProgram('redis-server', 'redis-server')
  it.skipIf(redis === undefined)('redeem each of many codes once, over Redis', async () => {
    // covers C-028, C-038, C-056
    const server: RealServer = await startRedis(redis ?? '')
    const place = `redis://127.0.0.1:${server.port}`
    try {
      const store = redisStore({ redis: place })
      await expectSingleUse(store, { kind: 'redis', place }, { codes: CODES, others: OTHERS })
      await store.close()
    } finally {
      await server.stop()
    }
  })

  const memcached = findProgram('memcached', 'memcached')
  it.skipIf(memcached === undefined)('redeem each of many codes once, over memcached', async () => {
    // covers C-028, C-038, C-056
    const server: RealServer = await startMemcached(memcached ?? '')
    const place = `127.0.0.1:${server.port}`
    try {
      const store = memcachedStore({ servers: place })
      await expectSingleUse(store, { kind: 'memcached', place }, { codes: CODES, others: OTHERS })
      await store.close()
    } finally {
      await server.stop()
    }
  })
})
