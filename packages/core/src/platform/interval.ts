import { timerDelay } from './timer.js'

/** As `startTimer`, for a repeated call. */
export function startInterval(run: () => void, delayMs: number): ReturnType<typeof setInterval> {
  return setInterval(run, timerDelay(delayMs))
}
