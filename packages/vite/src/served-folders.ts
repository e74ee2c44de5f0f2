import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type ResolvedConfig, searchForWorkspaceRoot } from 'vite'
import { contains, realPath } from './real-path.js'
import type { StateFolder } from './state-folder.js'

/** A folder in which keys and state must not be, and why. */
export interface ServedFolder {
  readonly path: string
  readonly reason: string
}

/** Returns the folder of keys and state if a Vite server of the workspace may serve it, or Vite deletes it; undefined if it is safe. */
export function findServed({ path }: StateFolder, config: ServedConfig): ServedFolder | undefined {
  return servedFolders(config).find((served) => contains(realPath(served.path), realPath(path)))
}

/** The part of Vite's configuration that says what it serves. */
export type ServedConfig = Pick<ResolvedConfig, 'root' | 'publicDir' | 'cacheDir'> & {
  readonly build: Pick<ResolvedConfig['build'], 'outDir'>
  readonly server: { readonly fs: Pick<ResolvedConfig['server']['fs'], 'allow'> }
}

function servedFolders({ root, publicDir, cacheDir, build, server }: ServedConfig): readonly ServedFolder[] {
  const folders: readonly ServedFolder[] = [
    { path: publicDir, reason: 'whose files are published' },
    { path: resolve(root, build.outDir), reason: 'whose files are published' },
    { path: cacheDir, reason: 'whose files Vite serves and deletes' },
    { path: workspaceOf(root), reason: 'whose files the dev server of each project in it serves' },
    ...server.fs.allow.map((path) => ({ path, reason: 'which "server.fs.allow" lets Vite serve' })),
  ]
  return folders.filter(({ path }) => path !== '')
}

/**
 * Throws an Error for the option `persist` if its folder may be served. The plugin refuses requests for it at its own server, but another
 * project of the workspace does not know it.
 */
export function checkPersist(persist: string, folder: StateFolder, config: ServedConfig): void {
  const served = findServed(folder, config) ?? projectAround(folder)
  const received = `Received ${JSON.stringify(persist)}, which is ${folder.path}.`
  const fix = 'Use true, or the path of an empty folder outside of all projects.'
  if (served)
    throw new Error(`[latchkey] "persist" must not be a folder inside ${served.path}, ${served.reason}. ${received} ${fix}`)
  // No file of the app would be served.
  if (contains(realPath(folder.path), realPath(config.root)))
    throw new Error(`[latchkey] "persist" must not be a folder that contains the project. ${received} ${fix}`)
  if (statSync(folder.path, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Error(`[latchkey] "persist" must be a folder. ${received} It is a file. ${fix}`)
}

/** Returns the project or workspace that the folder is in, if any: its own dev server serves it. */
function projectAround({ path }: StateFolder): ServedFolder | undefined {
  const around = (folder: string): string | undefined => {
    if (existsSync(join(folder, 'package.json'))) return folder
    return dirname(folder) === folder ? undefined : around(dirname(folder))
  }
  const project = around(realPath(path))
  return project === undefined ? undefined : { path: project, reason: 'whose files its own dev server serves' }
}

/** Returns the outermost workspace: each of its projects has a dev server that may serve all of it. */
function workspaceOf(root: string): string {
  const found = searchForWorkspaceRoot(root)
  const next = (inner: string): string => {
    const outer = searchForWorkspaceRoot(dirname(inner), inner)
    return outer === inner ? inner : next(outer)
  }
  return next(found)
}
