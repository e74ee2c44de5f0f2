import { realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** In such a folder (such as /tmp), accounts can rename and delete their own files only. */
const STICKY = 0o1000

/** What other accounts of this machine can do with a file. */
export interface Exposure {
  readonly canRead: boolean
  readonly canChange: boolean
  /** The folder in which they can replace the file, or a folder on its path. */
  readonly openFolder: string | undefined
}

/** Tells what other accounts can do with a file; undefined if it does not exist, and on Windows, where its mode does not say. */
export async function findExposure(file: string): Promise<Exposure | undefined> {
  if (process.platform === 'win32') return undefined
  const found = await stat(file).catch(() => undefined)
  if (!found) return undefined
  const canChange = (found.mode & 0o022) !== 0 || isForeign(found.uid)
  return { canRead: (found.mode & 0o044) !== 0, canChange, openFolder: await findOpenFolder(file) }
}

/** A link can be replaced where it is, and its target where that is. */
async function findOpenFolder(file: string): Promise<string | undefined> {
  const target = await realpath(file).catch(() => file)
  const folders = [...parentsOf(resolve(file)), ...parentsOf(target)]
  for (const folder of new Set(folders)) if (await isOpenFolder(folder)) return folder
  return undefined
}

function parentsOf(path: string): readonly string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...parentsOf(parent)]
}

async function isOpenFolder(folder: string): Promise<boolean> {
  const { mode, uid } = await stat(folder).catch(() => ({ mode: 0, uid: 0 }))
  return ((mode & 0o022) !== 0 && (mode & STICKY) === 0) || isForeign(uid)
}

/** An owner can change the mode. The administrator can change every file. */
function isForeign(uid: number): boolean {
  return uid !== 0 && uid !== process.getuid?.()
}
