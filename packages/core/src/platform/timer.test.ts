import { afterEach, describe, expect, it, vi } from 'vitest'
import { startInterval, startTimer, timeoutSignal } from './timer.js'

afterEach(() => void vi.useRealTimers())

describe('a timer', () => {
  it.each([2 ** 31, 9_999_999_000, Infinity, Number.NaN])(
    'does not fire at once because its delay of %d ms is too long',
    (delay) => {
      vi.useFakeTimers()
      const run = vi.fn<() => void>()
      const timer = startTimer(run, delay)
      const interval = startInterval(run, delay)
      vi.advanceTimersByTime(86_400_000)
      expect(run).not.toHaveBeenCalled()
      clearTimeout(timer)
      clearInterval(interval)
    },
  )

  it('fires after its delay, at once for one that is past', () => {
    vi.useFakeTimers()
    const run = vi.fn<(delay: number) => void>()
    for (const delay of [1000, -5]) startTimer(() => run(delay), delay)
    vi.advanceTimersByTime(999)
    expect(run.mock.calls).toEqual([[-5]])
    vi.advanceTimersByTime(1)
    expect(run.mock.calls).toEqual([[-5], [1000]])
  })

  it.each([2 ** 32, Infinity])('takes a signal of %d ms', (delay) => {
    expect(timeoutSignal(delay).aborted).toBe(false)
  })
})
