import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from 'node:path'

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

/** Decoding a URL this often finds every spelling that Vite or a proxy in front of it could read. */
const MAX_DECODINGS = 5

/** @param folders absolute paths; they need not exist yet */
export function privateFiles(folders: readonly string[], { base, roots }: ServedFolders): PrivateFiles {
  const isInside = (file: string): boolean => folders.some((folder) => [folder, real(folder)].some((one) => contains(one, file)))
  const isPrivate = (file: string): boolean => isInside(resolve(file)) || isInside(real(file)) || isInside(real(resolve(file)))
  const isPrivatePath = (path: string): boolean => {
    // `/@fs/` and `/@id/` precede absolute paths.
    const [, absolute] = /\/@(?:fs|id)\/+(.*)$/s.exec(path) ?? []
    if (absolute !== undefined) return isPrivate(absolute) || isPrivate(`/${absolute}`)
    const below = path.startsWith(base) ? path.slice(base.length) : path
    return isPrivate(path) || roots.some((root) => isPrivate(join(root, path)) || isPrivate(join(root, below)))
  }
  return {
    has(urlOrModule) {
      // Modules without a file, such as virtual ones.
      if (urlOrModule.startsWith('\0')) return false
      // The path of a module may have a `#`, that of a URL ends there.
      const paths = [/[?#]/, '?'].flatMap((end) => spellingsOf(urlOrModule.split(end, 1)[0] ?? ''))
      return paths.some((path) => isPrivatePath(path.replace(/file:\/\/(?:localhost)?/i, '')))
    },
  }
}

function contains(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return !/^\.\.(?:[\\/]|$)/.test(path) && !isAbsolute(path)
}

/** Without symbolic links, as far as the path exists: `state.json/` does not, and is still served as the file. */
function real(file: string): string {
  let path = file.replaceAll('\0', '')
  let rest = ''
  for (;;) {
    try {
      return join(realpathSync.native(path), rest)
    } catch {
      const parent = dirname(path)
      if (parent === path) return resolve(path, rest)
      rest = join(basename(path), rest)
      path = parent
    }
  }
}

/** Returns the path, decoded never, once, and so on: a folder may have `%41` in its name, so the last one alone is another file. */
function spellingsOf(path: string): readonly string[] {
  const spellings = [path]
  for (let count = 0; count < MAX_DECODINGS; count++) {
    const decoded = decodeLeniently(spellings.at(-1) ?? '')
    if (decoded === spellings.at(-1)) break
    spellings.push(decoded)
  }
  // A URL parser reads `\\` as `/`, and resolves `..` before Vite looks for `/@fs/`.
  return spellings.flatMap((one) => [one, posix.normalize(one.replaceAll('\\', '/'))])
}

/** Decodes what can be decoded: one malformed `%` in the path must not leave the rest as it is. */
function decodeLeniently(path: string): string {
  return path.replaceAll(/(?:%[\da-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}
