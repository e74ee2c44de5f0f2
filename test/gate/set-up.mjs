// Brings a bare clone to where the gate can run: Node, packages, browsers, stores.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, findFirefox, findHeadlessShell, findWebKit } from './browsers.mjs'
import { command, root } from './command.mjs'

/** @returns {string | undefined} what is wrong with this Node.js */
export function nodeProblem() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return undefined
  return `Node.js 20.19 or newer is needed, this is ${process.versions.node}: install it from nodejs.org`
}

/** @returns {boolean} whether node_modules was installed from the lockfile as it is now */
export function isInstalled() {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml')
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
}

/**
 * Installs the packages of the lockfile, and browsers and stores that are missing. It installs nothing that is there.
 *
 * @param {boolean} isForAll whether to install what only `npm run test:all` uses too
 * @returns {{ hasPackages: Promise<boolean>, canTest: Promise<boolean> }} `hasPackages`: whether the packages can be built; `canTest`:
 *   whether the tests can run too. Debian's packages take as long as those of the lockfile, so both are installed at the same time
 */
export function setUp(isForAll = false) {
  const hasPackages = installPackages()
  return { hasPackages, canTest: prepareMachine(isForAll, hasPackages) }
}

/**
 * Installs the workspace's packages as the lockfile has them.
 *
 * @returns {Promise<boolean>} whether they are there
 */
async function installPackages() {
  if (isInstalled()) return true
  console.log('Installing the packages of pnpm-lock.yaml …')
  const { code, output } = await command('npx', ['--yes', 'pnpm@10', 'install', '--frozen-lockfile'], { env: { CI: 'true' } })
  if (code !== 0) console.error(output)
  return code === 0
}

/**
 * @param {boolean} isForAll
 * @param {Promise<boolean>} hasPackages
 */
async function prepareMachine(isForAll, hasPackages) {
  // Elsewhere, Playwright installs the browser, which is one of the packages.
  if (!isDebianRoot() && !(await hasPackages)) return false
  const { missing, output } = await installBrowsers(isForAll, hasPackages)
  if (!(await hasPackages)) return false
  for (const { name, need } of missing) console.warn(`${name} was not found. ${need}`)
  if (!missing.some(({ name }) => name === 'chromium')) return true
  console.error(`${output}\nInstall Chromium, or set CHROMIUM_PATH to its executable.`)
  return false
}

// Debian's package for each part that the tests look for, and what is not tested without it.
/** @type {ReadonlyArray<{ name: string, need: string, isForAll?: boolean, isThere: () => boolean | Promise<boolean> }>} */
const PARTS = [
  {
    name: 'chromium',
    need: 'No test in a browser can run.',
    isThere: async () => findChromium() !== undefined || (isInstalled() && (await hasPlaywrightChromium())),
  },
  {
    name: 'chromium-headless-shell',
    need: 'Tests use Chromium with windows instead, which takes twice the processor time.',
    // Debian has it; it belongs to Debian's Chromium.
    isThere: () => !isDebianRoot() || process.env.CHROMIUM_PATH !== undefined || findHeadlessShell() !== undefined,
  },
  { name: 'firefox-esr', need: 'The main flows are not tested in Firefox.', isThere: () => findFirefox() !== undefined },
  { name: 'webkit2gtk-driver', need: 'The main flows are not tested in WebKit.', isThere: () => findWebKit() !== undefined },
  { name: 'xvfb', need: 'The main flows are not tested in WebKit, which needs a display.', isThere: () => isOnPath('xvfb-run') },
  {
    name: 'python3-authlib',
    need: 'OAuth 1.0a is not tested against it.',
    isThere: () => !isDebianRoot() || hasPythonModule('authlib/oauth1'),
  },
  {
    name: 'python3-requests-oauthlib',
    need: 'OAuth 1.0a is not tested against it and python3-oauthlib.',
    isThere: () => !isDebianRoot() || hasPythonModule('requests_oauthlib'),
  },
  { name: 'memcached', need: 'The store is not tested against it.', isThere: () => isOnPath('memcached') },
  { name: 'redis-server', need: 'The store is not tested against it.', isThere: () => isOnPath('redis-server') },
  {
    name: 'postgresql',
    need: 'The store is not tested against it.',
    isForAll: true,
    isThere: () => existsSync('/usr/lib/postgresql') || isOnPath('initdb'),
  },
  { name: 'mariadb-server', need: 'The store is not tested against it.', isForAll: true, isThere: () => isOnPath('mariadbd') },
]

/**
 * Installs what is missing where it can be done without a question: Debian's own packages as root, elsewhere Playwright's Chromium.
 *
 * @param {boolean} isForAll
 * @param {Promise<boolean>} hasPackages
 * @returns {Promise<{ missing: ReadonlyArray<{ name: string, need: string }>, output: string }>} what is still missing
 */
async function installBrowsers(isForAll, hasPackages) {
  const missing = await missingParts(isForAll)
  if (missing.length === 0) return { missing, output: '' }
  const names = missing.map(({ name }) => name)
  const output = isDebianRoot() ? await installFromDebian(names) : await installFromPlaywright(names)
  await hasPackages
  return { missing: await missingParts(isForAll), output }
}

/** @param {boolean} isForAll */
async function missingParts(isForAll) {
  const parts = PARTS.filter((part) => isForAll || !part.isForAll)
  const found = await Promise.all(parts.map(async (part) => part.isThere()))
  return parts.filter((_, index) => !found[index])
}

function isDebianRoot() {
  return process.getuid?.() === 0 && isOnPath('apt-get')
}

/** Without a network, the set-up must not wait minutes for what the gate can do without. */
const APT_OPTIONS = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=15']

/** @param {readonly string[]} missing */
async function installFromDebian(missing) {
  console.log(`Installing Debian packages with apt-get, as root: ${missing.join(', ')} …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = (/** @type {readonly string[]} */ names) =>
    command('apt-get', [...APT_OPTIONS, 'install', '-y', '-qq', '--no-install-recommends', ...names], { env })
  let { output } = await command('apt-get', [...APT_OPTIONS, 'update', '-qq'], { env })
  // At once: what Debian does after each installation, such as its index of manual pages, is done once then.
  const all = await install(missing)
  output += all.output
  if (all.code === 0) return output
  // One by one: a package that a release does not have must not keep the others away.
  for (const name of missing) output += (await install([name])).output
  return output
}

/** @param {readonly string[]} missing */
async function installFromPlaywright(missing) {
  if (!missing.includes('chromium')) return ''
  console.log('Downloading Chromium with Playwright …')
  return (await command('playwright', ['install', 'chromium'])).output
}

async function hasPlaywrightChromium() {
  const { chromium } = await import('playwright')
  return existsSync(chromium.executablePath())
}

/** @param {string} path of a module of Debian's own Python */
function hasPythonModule(path) {
  return existsSync(join('/usr/lib/python3/dist-packages', path))
}

/** @param {string} program */
export function isOnPath(program) {
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':')
  return folders.some((folder) => existsSync(join(folder, program)))
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await setUp().canTest) ? 0 : 1
