import { isAbsolute, join, posix, resolve } from 'node:path'
import { contains, isThere, realFile, realPath } from './real-path.js'

/** Recognizes the files that hold keys and tokens. */
export interface PrivateFiles {
  /** Returns true for a URL path or a module that Vite would map to such a file, also through a symbolic link and whatever its query. */
  has(urlOrModule: string): boolean
  /** The same for a module. Quick for the usual ones, because a build has thousands: the path of a file, spelled as the file system does. */
  hasModule(id: string): boolean
  /** Returns true for a path whose folder contains such files. */
  isAbove(path: string): boolean
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
/** What a path can be spelled with in another way, or be read as a URL by. */
const NOT_PLAIN = /[%#\0\\]|\/(?:\.{0,2}|@fs|@id)(?:\/|$)/

/** @param folders absolute paths; they need not exist yet */
export function privateFiles(folders: readonly string[], { base, roots }: ServedFolders): PrivateFiles {
  /** All files that a path may lead to. */
  const filesOf = (path: string): readonly string[] => {
    // `/@fs/` and `/@id/` precede absolute paths.
    const [, absolute] = /\/@(?:fs|id)\/+(.*)$/s.exec(path) ?? []
    if (absolute !== undefined) return [absolute, `/${absolute}`]
    const below = path.startsWith(base) ? path.slice(base.length) : path
    return [path, ...roots.flatMap((root) => [join(root, path), join(root, below)])]
  }
  /** Undefined if the path may lead to another file, too: it is no plain path, or there is a file of that path below a root. */
  const plainFile = (id: string): readonly string[] | undefined => {
    const path = id.split('?', 1)[0] ?? ''
    const isPlain = isAbsolute(path) && !NOT_PLAIN.test(path)
    const isAlone = isPlain && ![...new Set(filesOf(path))].some((file) => file !== path && isThere(file))
    const file = isAlone ? realFile(path) : undefined
    return file === undefined ? undefined : [path, file]
  }
  /** A folder may become a link at any time. */
  const isPrivate = (places: Iterable<string>): boolean => {
    const here = folders.flatMap((folder) => [folder, realFile(folder) ?? realPath(folder)])
    return [...places].some((file) => here.some((folder) => contains(folder, file)))
  }
  const known: PrivateFiles = {
    isAbove: (path) => folders.some((folder) => contains(realPath(path), realPath(folder))),
    hasModule(id) {
      const file = plainFile(id)
      return file ? isPrivate(file) : known.has(id)
    },
    has(urlOrModule) {
      // Modules without a file, such as virtual ones.
      if (urlOrModule.startsWith('\0')) return false
      // The path of a module may have a `#`, that of a URL ends there.
      const paths = [/[?#]/, '?'].flatMap((end) => spellingsOf(urlOrModule.split(end, 1)[0] ?? ''))
      const files = new Set(paths.flatMap((path) => filesOf(path.replace(/file:\/\/(?:localhost)?/i, ''))))
      const places = new Set([...files].flatMap((file) => [resolve(file), realPath(file), realPath(resolve(file))]))
      return isPrivate(places)
    },
  }
  return known
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
