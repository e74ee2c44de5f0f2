/** Brings the value of a record from one version to the next. */
export type Migration = (value: unknown) => unknown

/**
 * Step `n` makes a value of version `n + 1` out of one of version `n`; the records' version is the number of steps. A change of what
 * is stored adds a step here and touches nothing else: sessions that people have today are carried over.
 *
 * Version 0 was the form before the first release, with expiry in milliseconds.
 */
export const MIGRATIONS: readonly Migration[] = [secondsForMilliseconds]

function secondsForMilliseconds(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('expiresAt' in value) || typeof value.expiresAt !== 'number') return value
  return { ...value, expiresAt: Math.floor(value.expiresAt / 1000) }
}

/** @param version the record's own */
export function migrateValue(value: unknown, version: number, steps: readonly Migration[] = MIGRATIONS): unknown {
  return steps.slice(version).reduce((former, step) => step(former), value)
}
