/**
 * @param isValid says whether what was kept is of this version of the playground; what is not counts as nothing
 * @returns undefined when there is nothing under the key
 */
export function readJson<Value>(storage: Storage, key: string, isValid: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? 'null')
    return isValid(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Keeps a value as JSON. A full or forbidden storage loses it, which costs nothing but the memory of it. */
export function writeJson(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value))
  } catch {
    // See above.
  }
}
