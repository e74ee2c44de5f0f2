import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { StateFolder } from './state-folder.js'

/** The private member of a key (RFC 7518, section 6.2.2). */
const PRIVATE_MEMBER = /"d":\s*"([\w-]{20,})"/g
/** A file in a URL. Shorter ones have no key. */
const DATA_URI = /;base64,([\w+/]{40,})/g

/** Returns the private members of all keys that are saved for this project, and for those beside it. */
export function keyMaterial(folder: StateFolder): readonly string[] {
  return stateFiles(folder).flatMap((file) => membersIn(file))
}

interface ReadFile {
  readonly version: string
  readonly members: readonly string[]
}

const readFiles = new Map<string, ReadFile>()

/** The same for each response and message of a server: files that have not changed are not read again. */
export function currentKeyMaterial(folder: StateFolder): readonly string[] {
  return stateFiles(folder).flatMap((file) => {
    const found = statSync(file, { throwIfNoEntry: false, bigint: true })
    if (!found) return []
    const version = `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`
    const known = readFiles.get(file)
    if (known?.version === version) return known.members
    const members = membersIn(file)
    readFiles.set(file, { version, members })
    return members
  })
}

function stateFiles({ path, isPrivate }: StateFolder): readonly string[] {
  const parent = dirname(path)
  const folders = path === isPrivate || !existsSync(parent) ? [path] : readdirSync(parent).map((name) => join(parent, name))
  return folders.map((folder) => join(folder, 'state.json'))
}

function membersIn(file: string): readonly string[] {
  return [...readIfThere(file).matchAll(PRIVATE_MEMBER)].map(([, value = '']) => value)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Tells whether an output of a build has a private key, also in a URL that contains a file. */
export function hasKeyMaterial(output: string | Uint8Array, material: readonly string[]): boolean {
  if (material.length === 0) return false
  const text = typeof output === 'string' ? output : Buffer.from(output).toString('latin1')
  const isIn = (one: string): boolean => material.some((value) => one.includes(value))
  if (isIn(text)) return true
  return [...text.matchAll(DATA_URI)].some(([, encoded = '']) => isIn(Buffer.from(encoded, 'base64').toString('latin1')))
}
