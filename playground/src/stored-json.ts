/**
 * @param isValid rejects values of other versions of the playground
 * @returns undefined if there is no valid value under the key
 */
export function readJson<Value>(storage: Storage, key: string, isValid: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? 'null')
    return isValid(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Stores a value as JSON. The value is lost if the storage is full or blocked; nothing depends on it. */
export function writeJson(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value))
  } catch {
    // Full or blocked.
  }
}
