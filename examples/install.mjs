// `npm run example react-router` in the root: installs an example with the packages of this clone, as they would be published.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PACKAGES = ['core', 'react', 'oauth1', 'resource', 'server', 'vite']

const [name = ''] = process.argv.slice(2)
const names = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)
if (!names.includes(name)) throw new Error(`There is no example "${name}". Choose one of: ${names.join(', ')}.`)

const folder = join(import.meta.dirname, name)
const tarballs = mkdtempSync(join(tmpdir(), 'latchkey-packages-'))
try {
  for (const one of PACKAGES) {
    run('npx', ['--yes', 'pnpm@10', 'pack', '--pack-destination', tarballs], join(import.meta.dirname, '..', 'packages', one))
  }
  const files = readdirSync(tarballs).map((file) => join(tarballs, file))
  // The manifest of the example stays as it is.
  run('npm', ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', ...files], folder)
} finally {
  rmSync(tarballs, { recursive: true })
}
console.log(`\nInstalled. Continue with: cd examples/${name} && npm run dev`)

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function run(program, args, cwd) {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
}
