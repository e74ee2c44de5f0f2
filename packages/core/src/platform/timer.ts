/** The longest delay that timers take; a longer one fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** A running timer, for `clearTimeout`. */
export type Timer = ReturnType<typeof setTimeout>

/** Every timer whose delay is not a constant starts here: a delay that is too long, or is no number, becomes the longest one. */
export function startTimer(run: () => void, delayMs: number): Timer {
  return setTimeout(run, timerDelay(delayMs))
}

/** A page that was busy must see the response that arrived in the meantime before the signal aborts. */
const LATE_MS = 100

/** As `startTimer`, for a signal that aborts. It does not keep a process alive. */
export function timeoutSignal(delayMs: number): AbortSignal {
  const elapsed = AbortSignal.timeout(timerDelay(delayMs))
  const timedOut = new AbortController()
  const onElapsed = (): void => {
    const timer: unknown = setTimeout(() => timedOut.abort(elapsed.reason), LATE_MS)
    if (typeof timer === 'object') (timer as { unref(): void }).unref()
  }
  elapsed.addEventListener('abort', onElapsed)
  return timedOut.signal
}

/** @returns the delay as a timer takes it */
export function timerDelay(delayMs: number): number {
  return delayMs <= MAX_DELAY_MS ? Math.max(delayMs, 0) : MAX_DELAY_MS
}
