import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
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

  it('fails at once if Redis was never there', async () => {
    const store = redisStore({ redis: `redis://127.0.0.1:${await freePort()}`, timeout: 600_000 })
    await expect(store.get('a')).rejects.toThrow('Redis is not reachable')
    expect(await everyVerb(store)).toEqual(FOUR_REJECTIONS)
    await store.close()
  })

  it.skipIf(redis === undefined)('waits for Redis again once the adapter has given the connection up', async () => {
    onTestFinished(() => void vi.useRealTimers())
    const stopTime = (): unknown => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const port = await freePort()
    stopTime()
    const store = redisStore({ redis: `redis://127.0.0.1:${port}`, timeout: 1000 })
    const progress = { isOver: false }
    const first = settles(store.get('a')).finally(() => (progress.isOver = true))
    const pass = async (milliseconds: number): Promise<void> => {
      await new Promise((resolve) => void setImmediate(resolve))
      vi.advanceTimersByTime(milliseconds)
    }
    while (!progress.isOver) await pass(10)
    expect(await first).toBe('rejected')
    for (let second = 0; second < 3; second += 1) await pass(1000)
    vi.useRealTimers()
    const started = await startRedis(redis ?? '', port)
    stopTime()
    expect(await settles(store.set('a', 1))).toBe('resolved')
    vi.useRealTimers()
    await store.close()
    await started.stop()
  })
})
