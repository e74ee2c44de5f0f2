import { afterEach, describe, expect, it, vi } from 'vitest'
import { startInterval } from './interval.js'
import { startTimer, timeoutSignal } from './timer.js'

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

  it('lets a response that arrived while the thread was busy win over the signal', async () => {
    const signal = timeoutSignal(20)
    const response = new Promise<boolean>((resolve) => setTimeout(() => resolve(signal.aborted), 21))
    const busyUntil = performance.now() + 60
    while (performance.now() < busyUntil);
    expect(await response).toBe(false)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    expect((signal.reason as Error).name).toBe('TimeoutError')
  })
})
