// Brings a bare clone to where the steps can run: Node, packages, browsers, stores.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, findFirefox, findWebKit } from './browsers.mjs'
import { command, root } from './command.mjs'

/** @returns {string | undefined} what is wrong with this Node.js */
export function nodeTrouble() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return undefined
  return `Node.js 20.19 or newer is needed, this is ${process.versions.node}: install it from nodejs.org`
}

/** @returns {boolean} whether node_modules was installed from the lockfile as it is now */
export function isInstalled() {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml')
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
}

/** Installs the workspace's packages as the lockfile has them. */
export function installPackages() {
  return command('npx', ['--yes', 'pnpm@10', 'install', '--frozen-lockfile'], { env: { CI: 'true' } })
}

// Debian's package for each part that the steps look for.
/** @type {ReadonlyArray<{ name: string, isThere: () => boolean | Promise<boolean> }>} */
const PARTS = [
  { name: 'chromium', isThere: async () => findChromium() !== undefined || (await hasPlaywrightChromium()) },
  { name: 'firefox-esr', isThere: () => findFirefox() !== undefined },
  { name: 'webkit2gtk-driver', isThere: () => findWebKit() !== undefined },
  { name: 'xvfb', isThere: () => isOnPath('xvfb-run') },
  { name: 'memcached', isThere: () => isOnPath('memcached') },
  { name: 'redis-server', isThere: () => isOnPath('redis-server') },
]

/**
 * Installs what is missing where it can be done without asking: Debian's own packages as root, elsewhere Playwright's Chromium.
 *
 * @returns {Promise<{ missing: string[], output: string }>} what is still missing
 */
export async function installBrowsers() {
  const missing = await missingParts()
  if (missing.length === 0) return { missing, output: '' }
  const output = isDebianRoot() ? await installFromDebian(missing) : await installFromPlaywright(missing)
  return { missing: await missingParts(), output }
}

/** @returns {Promise<string[]>} */
async function missingParts() {
  const found = await Promise.all(PARTS.map(async (part) => part.isThere()))
  return PARTS.filter((_, index) => !found[index]).map((part) => part.name)
}

function isDebianRoot() {
  return process.getuid?.() === 0 && isOnPath('apt-get')
}

/** @param {readonly string[]} missing */
async function installFromDebian(missing) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  let { output } = await command('apt-get', ['update', '-qq'], { env })
  // One by one: a package that a release does not have must not keep the others away.
  for (const name of missing) {
    output += (await command('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env })).output
  }
  return output
}

/** @param {readonly string[]} missing */
async function installFromPlaywright(missing) {
  if (!missing.includes('chromium')) return ''
  return (await command('playwright', ['install', 'chromium'])).output
}

async function hasPlaywrightChromium() {
  const { chromium } = await import('playwright')
  return existsSync(chromium.executablePath())
}

/** @param {string} program */
export function isOnPath(program) {
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':')
  return folders.some((folder) => existsSync(join(folder, program)))
}
