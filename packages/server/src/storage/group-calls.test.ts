import { describe, expect, it } from 'vitest'
import { groupCalls } from './group-calls.js'

describe('groupCalls()', () => {
  it('runs the calls of one turn together, and gives each its result', async () => {
    const runs: (readonly number[])[] = []
    const double = groupCalls(async (items: readonly number[]) => (runs.push(items), items.map((item) => item * 2)))
    expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6])
    expect(await double(4)).toBe(8)
    expect(runs).toEqual([[1, 2, 3], [4]])
  })

  it('runs at most 500 calls together', async () => {
    const sizes: number[] = []
    const count = groupCalls(async (items: readonly number[]) => (sizes.push(items.length), items))
    const items = Array.from({ length: 1201 }, (_, index) => index)
    expect(await Promise.all(items.map(count))).toEqual(items)
    expect(sizes).toEqual([500, 500, 201])
  })

  it('rejects all calls of a run that fails, and continues with the next', async () => {
    let attempts = 0
    const call = groupCalls(async (items: readonly number[]) => {
      attempts += 1
      if (attempts === 1) throw new Error('the database is gone')
      return items
    })
    const outcomes = await Promise.allSettled([call(1), call(2)])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await call(3)).toBe(3)
  })

  it('collects calls while as many runs last as are allowed', async () => {
    const runs: (readonly number[])[] = []
    const ends: (() => void)[] = []
    const call = groupCalls(async (items: readonly number[]) => {
      runs.push(items)
      await new Promise<void>((resolve) => ends.push(resolve))
      return items
    }, 2)
    const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
    const results: Promise<number>[] = []
    for (const item of [1, 2, 3, 4]) {
      results.push(call(item))
      await turn()
    }
    expect(runs).toEqual([[1], [2]])
    ends[0]?.()
    await turn()
    await turn()
    expect(runs).toEqual([[1], [2], [3, 4]])
    for (const end of ends) end()
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4])
  })
})
