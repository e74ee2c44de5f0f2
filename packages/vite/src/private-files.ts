import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'

/** Recognizes the files that hold keys and tokens. */
export interface PrivateFiles {
  /** Returns true for a URL path or a module that Vite would map to such a file, also through a symbolic link and whatever its query. */
  has(urlOrModule: string): boolean
}

/** Where Vite looks for a file. */
export interface ServedFolders {
  /** Vite's `base`. */
  readonly base: string
  /** Folders that the paths of URLs are relative to. */
  readonly roots: readonly string[]
}

/** A URL that is encoded more often than this is not decoded further by Vite either. */
const MAX_DECODINGS = 5

/** @param folders absolute paths; they need not exist yet */
export function privateFiles(folders: readonly string[], { base, roots }: ServedFolders): PrivateFiles {
  const isInside = (file: string): boolean => folders.some((folder) => [folder, real(folder)].some((one) => contains(one, file)))
  const isPrivate = (file: string): boolean => isInside(resolve(file)) || isInside(real(file))
  return {
    has(urlOrModule) {
      // Modules without a file, such as virtual ones.
      if (urlOrModule.startsWith('\0')) return false
      const path = decode(urlOrModule.split(/[?#]/, 1)[0] ?? '').replace(/^file:\/\//, '')
      // `/@fs/` and `/@id/` precede absolute paths.
      const [, absolute] = /\/@(?:fs|id)\/+(.*)$/s.exec(path) ?? []
      if (absolute !== undefined) return isPrivate(absolute) || isPrivate(`/${absolute}`)
      const below = path.startsWith(base) ? path.slice(base.length) : path
      return isPrivate(path) || roots.some((root) => isPrivate(join(root, path)) || isPrivate(join(root, below)))
    },
  }
}

function contains(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return !/^\.\.(?:[\\/]|$)/.test(path) && !isAbsolute(path)
}

/** Without symbolic links. A path that does not exist is returned as it is. */
function real(file: string): string {
  try {
    return realpathSync.native(file)
  } catch {
    return resolve(file.replaceAll('\0', ''))
  }
}

function decode(path: string): string {
  let decoded = path
  for (let count = 0; count < MAX_DECODINGS; count++) {
    try {
      decoded = decodeURIComponent(decoded)
    } catch {
      return decoded
    }
  }
  return decoded
}
