import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** Levels of `node_modules` below the app's own. */
const MAX_DEPTH = 3

/** @returns the installed copies of `@latchkey/core` with their versions, each once; none if the folder has no packages */
export async function findCopies(folder: string): Promise<readonly string[]> {
  const found = new Map<string, string>()
  await search(join(folder, 'node_modules'), found, MAX_DEPTH)
  return [...found].map(([path, version]) => `${version} in ${path}`)
}

async function search(modules: string, found: Map<string, string>, depth: number): Promise<void> {
  const own = join(modules, '@latchkey', 'core')
  const version = await readVersion(own)
  // pnpm links one copy from many places.
  if (version !== undefined) found.set(await realpath(own), version)
  if (depth === 0) return
  for (const name of await packagesIn(modules)) await search(join(modules, name, 'node_modules'), found, depth - 1)
}

async function packagesIn(modules: string): Promise<readonly string[]> {
  const names = await readdir(modules).catch(() => [])
  const scoped = names.filter((name) => name.startsWith('@') || name === '.pnpm')
  const inner = await Promise.all(
    scoped.map(async (scope) => (await readdir(join(modules, scope)).catch(() => [])).map((name) => join(scope, name))),
  )
  return [...names.filter((name) => !name.startsWith('@') && !name.startsWith('.')), ...inner.flat()]
}

async function readVersion(folder: string): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : undefined
  } catch {
    return undefined
  }
}
