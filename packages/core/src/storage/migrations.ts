/** Updates the value of a record from one version to the next. */
export type Migration = (value: unknown) => unknown

/**
 * Step `n` updates a value from version `n` to version `n + 1`; the version of the records is the number of steps. A change of the
 * stored format adds a step here and nothing else, so that stored sessions survive it.
 *
 * Version 0 is the format before the first release, with expiry in milliseconds.
 */
export const MIGRATIONS: readonly Migration[] = [secondsForMilliseconds]

function secondsForMilliseconds(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('expiresAt' in value) || typeof value.expiresAt !== 'number') return value
  return { ...value, expiresAt: Math.floor(value.expiresAt / 1000) }
}

/** Updates a value to the current version. @param version of the record */
export function migrateValue(value: unknown, version: number, steps: readonly Migration[] = MIGRATIONS): unknown {
  return steps.slice(version).reduce((current, step) => step(current), value)
}
