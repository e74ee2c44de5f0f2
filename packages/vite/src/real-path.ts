import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, parse, relative, sep } from 'node:path'

/** Returns true for the folder itself and for what is below it. Both are absolute paths. */
export function contains(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return !/^\.\.(?:[\\/]|$)/.test(path) && !isAbsolute(path)
}

/**
 * Without symbolic links, as far as the path exists: `state.json/` does not, and is still served as the file. From the top down, because
 * most paths that are tried do not exist: Vite calls this for each module of a build.
 */
export function realPath(file: string): string {
  const cleaned = file.replaceAll('\0', '')
  // Not resolved: the parent of a link is that of its target.
  const path = isAbsolute(cleaned) ? cleaned : `${process.cwd()}${sep}${cleaned}`
  const { root } = parse(path)
  const names = path
    .slice(root.length)
    .split(sep === '/' ? '/' : /[\\/]/)
    .filter(Boolean)
  let existing = root
  let count = 0
  for (; count < names.length; count++) {
    const next = existing === root ? `${root}${names[count]}` : `${existing}${sep}${names[count]}`
    if (!isThere(next)) break
    existing = next
  }
  return join(realpathSync.native(existing), ...names.slice(count))
}

/** @returns the path of a file without symbolic links, or undefined if there is none */
export function realFile(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}

/** Returns true for a file or folder, also at the end of links. */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}
