import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { findProgram, freePort, startRedis } from './real-server.fixture.js'
import { redisStore } from './redis-store.js'

/** Work that hangs ends at the test's own timeout. */
const settles = (work: Promise<unknown>): Promise<'resolved' | 'rejected'> =>
  work.then(
    () => 'resolved',
    () => 'rejected',
  )

const everyVerb = (store: ReturnType<typeof redisStore>): Promise<readonly string[]> =>
  Promise.all([store.get('a'), store.set('a', 1), store.add('b', 1), store.delete('a')].map(settles))
const FOUR_REJECTIONS = Array.from({ length: 4 }, () => 'rejected')

describe('redisStore()', () => {
  it('fails in time if Redis is absent', async () => {
    // covers C-064
    const store = redisStore({ redis: `redis://127.0.0.1:${await freePort()}`, timeout: 300 })
    expect(await everyVerb(store)).toEqual(FOUR_REJECTIONS)
    expect(await settles(store.get('a'))).toBe('rejected')
    await store.close()
  })

  it('fails in time if Redis accepts the connection and never responds', async () => {
    // covers C-064
    const silent = createServer((socket) => void socket.on('error', () => undefined))
    const port = await freePort()
    await new Promise<void>((resolve) => void silent.listen(port, '127.0.0.1', resolve))
    const store = redisStore({ redis: `redis://127.0.0.1:${port}`, timeout: 300 })
    expect(await everyVerb(store)).toEqual(FOUR_REJECTIONS)
    expect(await settles(store.get('a'))).toBe('rejected')
    await settles(store.close())
    silent.close()
  })

  const redis = findProgram('redis-server', 'redis-server')
  it.skipIf(redis === undefined)('fails in time if Redis goes away, and continues when it is back', async () => {
    // covers C-064
    const first = await startRedis(redis ?? '')
    const store = redisStore({ redis: `redis://127.0.0.1:${first.port}`, timeout: 300 })
    // A busy machine may take longer than the store waits.
    await expect.poll(() => settles(store.set('a', 1))).toBe('resolved')
    await first.stop()
    expect(await everyVerb(store)).toEqual(FOUR_REJECTIONS)
    const second = await startRedis(redis ?? '', first.port)
    await expect.poll(() => settles(store.set('a', 2))).toBe('resolved')
    await expect.poll(() => store.get('a').catch(() => undefined)).toBe(2)
    await store.close()
    await second.stop()
  })

  it.skipIf(redis === undefined)('fails at once while a lost connection does not return, and says why', async () => {
    const first = await startRedis(redis ?? '')
    // Longer than a test may take.
    const store = redisStore({ redis: `redis://127.0.0.1:${first.port}`, timeout: 600_000 })
    await store.set('a', 1)
    await first.stop()
    const reason = { message: 'Redis is not reachable', cause: expect.objectContaining({ code: 'ECONNREFUSED' }) }
    // Also what waits for the connection when it is lost.
    const waiting = Array.from({ length: 20 }, () => store.set('late', 1))
    for (const result of await Promise.allSettled(waiting)) expect(result.status).toBe('rejected')
    await expect(store.get('a')).rejects.toMatchObject(reason)
    expect(await everyVerb(store)).toEqual(FOUR_REJECTIONS)
    const second = await startRedis(redis ?? '', first.port)
    await expect.poll(() => settles(store.set('a', 2))).toBe('resolved')
    // What failed is not sent late.
    expect([await store.get('late'), await store.get('b')]).toEqual([undefined, undefined])
    await store.close()
    await second.stop()
  })

  it.skipIf(redis === undefined)('fails at once if Redis was never there, and waits for it once it was given up', async () => {
    const port = await freePort()
    const patient = redisStore({ redis: `redis://127.0.0.1:${port}`, timeout: 600_000 })
    await expect(patient.get('a')).rejects.toThrow('Redis is not reachable')
    const store = redisStore({ redis: `redis://127.0.0.1:${port}`, timeout: 1000 })
    expect(await settles(store.get('a'))).toBe('rejected')
    const started = await startRedis(redis ?? '', port)
    expect(await settles(store.set('a', 1))).toBe('resolved')
    await expect.poll(() => settles(patient.get('a'))).toBe('resolved')
    await Promise.all([store.close(), patient.close()])
    await started.stop()
  })
})
