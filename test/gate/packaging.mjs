// What would be published: each package is linted, packed, installed from its tarball far from this workspace, loaded and type-checked.
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { command, root } from './command.mjs'
import { bundle, codeOf } from './size/measure.mjs'

/** What an entry must not contain, whatever it imports: words that tell which room leaked into which. */
const FORBIDDEN = {
  '@latchkey/core': ['react', 'oauth_signature', 'hono', 'createAuthorizationServer'],
  '@latchkey/core/callback': ['idb-keyval', 'code_verifier', 'jwks_uri', 'AES-GCM', 'indexedDB'],
  '@latchkey/oauth1': ['react', 'hono', 'code_verifier', 'createAuthorizationServer'],
  '@latchkey/oauth1/signature': ['indexedDB', 'BroadcastChannel', 'react'],
  '@latchkey/react': ['oauth_signature', 'hono', 'createAuthorizationServer', 'node:'],
  '@latchkey/server': ['react', 'indexedDB', 'BroadcastChannel'],
  // An API must not depend on an authorization server, on its router or on its stores.
  '@latchkey/resource': ['react', 'hono', 'keyv', 'createAuthorizationServer', 'indexedDB', 'node:'],
  '@latchkey/vite': ['indexedDB', 'BroadcastChannel'],
}
const ALLOWED_FILES = /^package\/(package\.json|LICENSE|README\.md|CHANGELOG\.md|client\.d\.ts|bin\/|dist\/|src\/)/
const UNWANTED_FILES = /\.(test|test-d|contract|fixture)\.|\.tsbuildinfo$|\.browser\./

/** Prints a line for each entry that it was started with: a thread ends when its module has been loaded and has left nothing running. */
const LOAD_EACH = `
  const { Worker } = require('node:worker_threads')
  const load = (name) =>
    new Promise((resolve) => {
      const thread = new Worker('import(' + JSON.stringify(name) + ')', { eval: true })
      thread.once('error', (error) => resolve(name + ': ' + String(error).replaceAll('\\n', ' ')))
      thread.once('exit', () => resolve(name + ': loaded'))
    })
  const loadAll = async () => {
    for (const name of process.argv.slice(1)) console.log(await load(name))
  }
  void loadAll()`

/**
 * An ES module cannot be loaded by the resolution of old Node.js, and not by `require` everywhere.
 *
 * @type {readonly unknown[]}
 */
const UNSUPPORTED_RESOLUTIONS = ['node10', 'node16-cjs']

let passed = 0
let failed = 0
// npx takes three seconds to find pnpm, so it does so once.
const pathWithPnpm = await findPnpm()
const scratch = await realpath(await mkdtemp(join(tmpdir(), 'packaging-')))
try {
  const packages = await readPackages()
  const tarballs = await packAll(packages)
  for (const [name, tarball] of tarballs) {
    await checkFiles(name, tarball)
    await lint(name, tarball)
    // A package without entries has no types to check.
    const hasEntries = packages.some((each) => each.name === name && each.entries.length > 0)
    if (hasEntries) await checkTypes(name, tarball)
  }
  await tryInstalled(packages, tarballs)
  for (const [entry, words] of Object.entries(FORBIDDEN)) await lookInside(entry, words)
} finally {
  await rm(scratch, { recursive: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/**
 * @typedef {{ name: string, hasCode: boolean }} Entry `hasCode` is false for an entry of types alone
 * @typedef {{ name: string, folder: string, entries: Entry[], peers: Record<string, string> }} Package
 * @returns {Promise<Package[]>}
 */
async function readPackages() {
  const folders = (await readdir(join(root, 'packages'))).map((name) => join(root, 'packages', name))
  return Promise.all(
    folders.map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
      const paths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))
      const entries = paths.map((path) => ({
        name: manifest.name + path.slice(1),
        hasCode: typeof manifest.exports[path] === 'string' || manifest.exports[path].default !== undefined,
      }))
      return { name: manifest.name, folder, entries, peers: manifest.peerDependencies ?? {} }
    }),
  )
}

/**
 * @param {string} what
 * @param {boolean} isGood
 * @param {string} detail
 */
function judge(what, isGood, detail) {
  if (isGood) passed++
  else failed++
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${what}`)
  if (!isGood) console.log(detail)
}

/**
 * @param {string} what
 * @param {string} name
 * @param {readonly string[]} args
 */
async function program(what, name, args, cwd = root) {
  const { code, output } = await command(name, args, { cwd })
  judge(what, code === 0, output)
}

/** @returns {Promise<string>} the PATH that npx gives its programs */
async function findPnpm() {
  const { code, output } = await command('npx', ['--yes', '--package=pnpm@10', '--', 'node', '-p', 'process.env.PATH'])
  if (code !== 0) throw new Error(`pnpm was not found: ${output}`)
  return output.trim()
}

/**
 * @param {string} name
 * @param {string} tarball
 */
async function lint(name, tarball) {
  const content = new Uint8Array(await readFile(tarball)).buffer
  const { messages, pkg } = await publint({ pack: { tarball: content }, strict: true })
  const problems = messages.filter(({ type }) => type !== 'suggestion')
  judge(`publint ${name}`, problems.length === 0, problems.map((problem) => formatMessage(problem, pkg)).join('\n'))
}

/**
 * Checks whether the types of each entry are found and match its code, in every way of resolving modules.
 *
 * @param {string} name
 * @param {string} tarball
 */
async function checkTypes(name, tarball) {
  const unpacked = createPackageFromTarballData(new Uint8Array(await readFile(tarball)))
  const folders = new Set(unpacked.listFiles().flatMap(foldersOf))
  // Its own method looks at every file in each of some hundred thousand calls, which took a third of this check's time.
  unpacked.directoryExists = (path) => folders.has(path.replace(/\/$/, ''))
  const analysis = await checkPackage(unpacked)
  const problems = (analysis.types ? analysis.problems : [{ kind: 'NoTypes' }]).filter(
    (problem) => !('resolutionKind' in problem && UNSUPPORTED_RESOLUTIONS.includes(problem.resolutionKind)),
  )
  judge(`types of ${name}`, problems.length === 0, JSON.stringify(problems, null, 2))
}

/**
 * @param {string} file
 * @returns {string[]} the folders that it is in
 */
function foldersOf(file) {
  const names = file.split('/')
  return names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join('/'))
}

/**
 * @param {readonly Package[]} packages
 * @returns {Promise<ReadonlyMap<string, string>>} the tarball of each package
 */
async function packAll(packages) {
  const target = join(scratch, 'tarballs')
  await mkdir(target)
  // pnpm's pack, not npm's: it writes the real versions in place of `workspace:*`. All in one process, each takes seconds to start.
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--json', '--pack-destination', target]
  const { code, output } = await command('pnpm', args, { path: pathWithPnpm })
  if (code !== 0) throw new Error(`The packages could not be packed: ${output}`)
  /** @type {{ name: string, filename: string }[]} */
  const packed = JSON.parse(output.slice(output.indexOf('[\n')))
  const tarballs = new Map(packed.map(({ name, filename }) => [name, filename]))
  const missing = packages.filter(({ name }) => !tarballs.has(name))
  if (missing.length > 0) throw new Error(`Not packed: ${missing.map(({ name }) => name).join(', ')}`)
  return tarballs
}

/**
 * @param {string} name
 * @param {string} tarball
 */
async function checkFiles(name, tarball) {
  const list = await command('tar', ['-tzf', tarball])
  const files = list.output.trim().split('\n')
  const strange = files.filter((path) => !ALLOWED_FILES.test(path) || UNWANTED_FILES.test(path))
  judge(
    `files of ${name} (${files.length})`,
    list.code === 0 && strange.length === 0,
    `not to be published: ${strange.join(', ')}`,
  )
}

/**
 * @param {readonly Package[]} packages
 * @param {ReadonlyMap<string, string>} tarballs
 */
async function tryInstalled(packages, tarballs) {
  const app = join(scratch, 'app')
  await mkdir(app)
  const own = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]))
  const types = { '@types/react': '^19.0.0', '@types/node': '^20.0.0', typescript: '~6.0.3' }
  const peers = Object.assign({}, ...packages.map((each) => each.peers))
  const manifest = {
    name: 'app',
    private: true,
    type: 'module',
    dependencies: { ...peers, ...types, ...own },
    pnpm: { overrides: own },
  }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest))
  const args = ['install', '--prefer-offline', '--ignore-workspace', '--ignore-scripts']
  const { code, output } = await command('pnpm', args, { cwd: app, path: pathWithPnpm })
  judge('install from the tarballs', code === 0, output)
  const entries = packages.flatMap((each) => each.entries)
  await loadEach(
    entries.filter((entry) => entry.hasCode).map(({ name }) => name),
    app,
  )
  await program('run the command `latchkey`', join(app, 'node_modules/.bin/latchkey'), ['server', '--help'], app)
  const compilerOptions = {
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    jsx: 'react-jsx',
  }
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }))
  await writeFile(
    join(app, 'app.ts'),
    entries
      .toSorted((one, other) => Number(one.hasCode) - Number(other.hasCode))
      .map(importOf)
      .join('\n'),
  )
  await program("types of the tarballs, by an app's own compiler", join(app, 'node_modules/.bin/tsc'), ['-p', app], app)
}

/**
 * Nothing runs on import and nothing asks for a DOM: a bare Node.js loads every entry, each in a thread with modules and globals of its own.
 *
 * @param {readonly string[]} names
 * @param {string} app
 */
async function loadEach(names, app) {
  const { code, output } = await command(process.execPath, ['-e', LOAD_EACH, ...names], { cwd: app })
  for (const name of names) {
    const line = output.split('\n').find((each) => each.startsWith(`${name}: `))
    judge(`load ${name} without a DOM`, code === 0 && line === `${name}: loaded`, line ?? output)
  }
}

/**
 * @param {Entry} entry
 * @param {number} index
 */
function importOf({ name, hasCode }, index) {
  return hasCode ? `export * as entry${index} from '${name}'` : `/// <reference types="${name}" />`
}

/**
 * @param {string} entry
 * @param {readonly string[]} words
 */
async function lookInside(entry, words) {
  const folder = await mkdtemp(join(root, 'test/.packaging-'))
  try {
    const file = join(folder, 'entry.mjs')
    await writeFile(file, `export * from '${entry}'\n`)
    const chunks = await bundle(file, {
      external: [/^react($|\/)/, /^react-dom($|\/)/, /^@tanstack\//, /^node:/, 'vite', '@hono/node-server'],
    })
    const bare = codeOf(chunks).replaceAll(/from\s*["'][^"']*["']/g, '')
    const found = words.filter((word) => bare.includes(word))
    judge(`content of ${entry}`, found.length === 0, `contains ${found.join(', ')}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}
