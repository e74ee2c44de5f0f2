import { attempt, type TabStorage } from './tab-storage.js'

/** Separate from the storage, because the initial bundle has that. @returns the names in this tab's storage that begin with `start` */
export function tabNames({ area, prefix }: TabStorage, start: string): readonly string[] {
  const keys = attempt(() => Object.keys(area ?? {})) ?? []
  return keys.filter((key) => key.startsWith(prefix + start)).map((key) => key.slice(prefix.length))
}
