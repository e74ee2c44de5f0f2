// `npm run more:examples`: builds each app of `examples/` with the packages as they would be published, starts it, and drives it in
// Chromium: a deep link, a reload, a refresh, a sign-out, a sign-in that the user cancels. The console must stay empty.
import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumArguments, findChromium } from '../../gate/browsers.mjs'
import { command, root } from '../../gate/command.mjs'
import { driveAccounts } from './drive-accounts.mjs'
import { driveMcp } from './drive-mcp.mjs'
import { drive } from './drive.mjs'
import { startApp } from './start-app.mjs'

/** Frameworks that need a newer Node.js than 20. */
const NODE_OF = { 'tanstack-start': '24' }

/** Examples that do not have the common pages. */
const DRIVES = /** @type {Partial<Record<string, typeof drive>>} */ ({ accounts: driveAccounts, mcp: driveMcp })

const scratch = await realpath(await mkdtemp(join(tmpdir(), 'examples-')))
const wanted = process.argv.slice(2)
const folders = await readdir(join(root, 'examples'), { withFileTypes: true })
/** `testing` is no app to open: `npm run more:recipes` runs it. */
const apps = folders.filter((entry) => entry.isDirectory() && entry.name !== 'testing')
const names = apps.filter((entry) => wanted.length === 0 || wanted.includes(entry.name))
let failed = 0
try {
  const tarballs = await packAll()
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: chromiumArguments })
  for (const { name } of names) failed += await check(name, tarballs, browser)
  await browser.close()
} finally {
  await rm(scratch, { recursive: true })
}
console.log(`${names.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** @returns {Promise<Record<string, string>>} the tarball of each package by its name */
async function packAll() {
  const tarballs = /** @type {Record<string, string>} */ ({})
  for (const folder of await readdir(join(root, 'packages'))) {
    const cwd = join(root, 'packages', folder)
    const { name } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8'))
    const target = join(scratch, 'tarballs', folder)
    await run('npx', ['--yes', 'pnpm@10', 'pack', '--pack-destination', target], cwd)
    tarballs[name] = `file:${join(target, /** @type {string} */ ((await readdir(target))[0]))}`
  }
  return tarballs
}

/**
 * @param {string} name
 * @param {Record<string, string>} tarballs
 * @param {import('playwright-core').Browser} browser
 * @returns {Promise<number>} 1 if the example failed
 */
async function check(name, tarballs, browser) {
  const folder = join(scratch, name)
  const node = NODE_OF[/** @type {keyof typeof NODE_OF} */ (name)]
  try {
    await cp(join(root, 'examples', name), folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
    await install(folder, tarballs)
    await runScript(folder, 'build', node)
    await open(folder, { node, browser, drive: DRIVES[name] ?? drive })
    console.log(`ok   ${name}`)
    return 0
  } catch (error) {
    console.log(`FAIL ${name}`, error)
    return 1
  }
}

/**
 * @param {string} folder
 * @param {{ readonly node: string | undefined, readonly browser: import('playwright-core').Browser, readonly drive: typeof drive }} how
 */
async function open(folder, { node, browser, drive: driveApp }) {
  const app = await startApp(folder, node)
  try {
    await driveApp(browser, app.origin)
  } finally {
    await app.stop()
  }
}

/**
 * @param {string} folder
 * @param {Record<string, string>} tarballs
 */
async function install(folder, tarballs) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  for (const group of [manifest.dependencies, manifest.devDependencies])
    for (const dependency of Object.keys(group)) group[dependency] = tarballs[dependency] ?? group[dependency]
  manifest.pnpm = { overrides: tarballs, onlyBuiltDependencies: ['esbuild', 'sharp'] }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await run('npx', ['--yes', 'pnpm@10', 'install', '--prefer-offline', '--ignore-workspace'], folder)
}

/**
 * @param {string} folder
 * @param {string} script
 * @param {string | undefined} node
 */
async function runScript(folder, script, node) {
  if (node === undefined) await run('npm', ['run', script], folder)
  else await run('npx', ['--yes', '-p', `node@${node}`, '--', 'npm', 'run', script], folder)
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function run(name, args, cwd) {
  const { code, output } = await command(name, args, { cwd, env: { CI: 'true', NEXT_TELEMETRY_DISABLED: '1' } })
  assert.equal(code, 0, `${name} ${args.join(' ')}\n${output}`)
}
