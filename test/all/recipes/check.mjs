// `npm run more:recipes`: installs the packages as they are published beside examples/testing, in a folder of their own, and runs each of its
// test runners.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../../gate/browsers.mjs'
import { command, root } from '../../gate/command.mjs'

const PACKAGES = ['core', 'oauth1', 'resource', 'server', 'react']
const CHECKS = ['check:types', 'test:vitest', 'test:jest', 'test:storybook', 'test:playwright']

const folder = await mkdtemp(join(tmpdir(), 'latchkey-recipes-'))
const chromium = findChromium()
/** @type {Record<string, string>} */
const env = { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', ...(chromium && { CHROMIUM_PATH: chromium }) }
let failed = 0
try {
  await cp(join(root, 'examples/testing'), folder, { recursive: true })
  for (const name of PACKAGES)
    await run('npx', ['--yes', 'pnpm@10', 'pack', '--pack-destination', folder], join(root, 'packages', name))
  await preferPacked()
  await run('npm', ['install', '--no-audit', '--no-fund'], folder)
  for (const check of CHECKS) await report(check)
} finally {
  await rm(folder, { recursive: true, force: true })
}
console.log(`${CHECKS.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** Makes the example use the packed packages, also where they depend on each other. */
async function preferPacked() {
  const file = join(folder, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const packs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  const pathOf = (/** @type {string} */ name) => `file:./${packs.find((pack) => pack.startsWith(`latchkey-${name}-`))}`
  manifest.overrides = {}
  for (const name of PACKAGES) {
    const id = `@latchkey/${name}`
    const group = [manifest.dependencies, manifest.devDependencies].find((dependencies) => id in dependencies)
    if (group) group[id] = pathOf(name)
    manifest.overrides[id] = group ? `$${id}` : pathOf(name)
  }
  await writeFile(file, JSON.stringify(manifest, undefined, 2))
}

async function report(/** @type {string} */ check) {
  try {
    await run('npm', ['run', check], folder)
    console.log(`ok   ${check}`)
  } catch (error) {
    failed++
    console.log(`FAIL ${check}\n${String(error)}`)
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function run(program, args, cwd) {
  const { code, output } = await command(program, args, { cwd, env })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}\n${output}`)
}
