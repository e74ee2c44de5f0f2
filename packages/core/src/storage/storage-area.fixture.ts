/** The part of `Storage` that is used. As in browsers, the stored values are its own enumerable properties. */
export function storageArea(): Storage {
  const values: Record<string, string> = Object.create({
    length: 0,
    clear: () => Object.keys(values).forEach((key) => delete values[key]),
    key: () => null,
    getItem: (key: string) => (Object.hasOwn(values, key) ? values[key] : null),
    setItem: (key: string, value: string) => void (values[key] = value),
    removeItem: (key: string) => void delete values[key],
  }) as Record<string, string>
  return values as unknown as Storage
}
