import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'

/** The folders of the embedded server's keys and state. */
export interface StateFolder {
  /** The folder of this project. */
  readonly path: string
  /** No file below it may be served: the folders of all projects, or a folder that the option names. */
  readonly isPrivate: string
}

/**
 * Returns where the keys and the state of a project are saved. The default is in the user's own folder for program state, because Vite
 * serves every file of the project and of its workspace, `node_modules` included.
 *
 * @param root the project's root
 * @param persist the option: the path of a folder, resolved from the root
 */
export function stateFolder(root: string, persist: string | boolean | undefined): StateFolder {
  if (typeof persist === 'string') return { path: resolve(root, persist), isPrivate: resolve(root, persist) }
  const isPrivate = join(programState(), 'latchkey')
  return { path: join(isPrivate, 'vite', projectName(root)), isPrivate }
}

/** @see https://specifications.freedesktop.org/basedir-spec/latest/ */
function programState(): string {
  const { LOCALAPPDATA, XDG_STATE_HOME } = process.env
  if (process.platform === 'win32') return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  if (XDG_STATE_HOME) return XDG_STATE_HOME
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Application Support') : join(homedir(), '.local', 'state')
}

/** Readable, and different for two projects of one name. */
function projectName(root: string): string {
  const digest = createHash('sha256').update(realpathSync(root)).digest('hex')
  return `${basename(root).replaceAll(/[^\w.-]/g, '_')}-${digest.slice(0, 16)}`
}
