import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { HtmlTagDescriptor, ResolvedConfig, UserConfig } from 'vite'
import type { LatchkeyOptions } from './latchkey-options.js'

const MODULE_ID = 'virtual:latchkey/devtools'
const ENTRY = '@latchkey/react/devtools/start'
/** What the panel is made with. */
const PACKAGES = [ENTRY, 'react', 'react-dom/client']

type Served = Pick<ResolvedConfig, 'command' | 'mode' | 'base'>

/** Whether pages get the devtools: in the dev server, but not in tests, which Vitest serves in the same way. */
export function showsDevtools({ devtools }: LatchkeyOptions, { command, mode }: Served): boolean {
  return devtools === true && command === 'serve' && mode !== 'test' && !process.env['VITEST_WORKER_ID']
}

/** Returns whether an id is that of the module which starts the devtools. */
export function isDevtoolsModule(id: string): boolean {
  return id === MODULE_ID
}

/** Vite, which finds what the app can import. */
interface Resolver {
  readonly resolve: (name: string) => Promise<unknown>
}

/**
 * Returns the code of the module. It is empty where the devtools are not shown, so that nothing of them is in a build.
 *
 * @throws Error that names the packages to install
 */
export async function devtoolsModule(isShown: boolean, context: Resolver): Promise<string> {
  if (!isShown) return 'export {}\n'
  const missing: string[] = []
  for (const name of PACKAGES) if (!(await context.resolve(name))) missing.push(name.replace(/^(@[^/]+\/[^/]+|[^/]+).*/, '$1'))
  if (missing.length > 0) {
    throw new Error(
      `[latchkey] "devtools" needs ${missing.join(' and ')}, which could not be found. Run: npm install --save-dev ${missing.join(' ')}`,
    )
  }
  return `import { startDevtools } from '${ENTRY}'\nstartDevtools()\n`
}

/** Returns the element that starts the devtools before the app's own modules, whose clients they record from the first message. */
export function devtoolsTag({ base }: Served): HtmlTagDescriptor {
  return { tag: 'script', attrs: { type: 'module', src: `${base}@id/__x00__${MODULE_ID}` }, injectTo: 'head-prepend' }
}

/**
 * Returns configuration that lets Vite find the panel's dependencies before the first page is loaded: found later, they would reload it.
 * Packages of a workspace are not bundled in advance, and one that is must not be loaded a second time.
 */
export function devtoolsDependencies(
  options: LatchkeyOptions,
  { root = process.cwd(), optimizeDeps: { exclude: excluded = [] } = {} }: UserConfig,
): UserConfig | undefined {
  if (options?.devtools !== true || excluded.some((name) => name.startsWith('@latchkey/'))) return undefined
  try {
    const found = createRequire(resolve(root, 'package.json')).resolve('@latchkey/react/package.json')
    return realpathSync(found).includes('node_modules') ? { optimizeDeps: { include: [ENTRY] } } : undefined
  } catch {
    // The module says what is missing.
    return undefined
  }
}
