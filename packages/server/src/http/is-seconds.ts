/** Seconds since the epoch will have so many digits for three thousand years; milliseconds have more today. */
const LATEST_SECONDS = 1e11

/** Returns true for seconds since the epoch, false for milliseconds. */
export function isSeconds(time: unknown): boolean {
  return typeof time === 'number' && time < LATEST_SECONDS
}
