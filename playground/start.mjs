// Starts the playground from a bare clone: node playground/start.mjs [--port 5173] [--host [address]]
// Requires Node and npm only: installs and builds what is missing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isInstalled, nodeProblem } from '../test/gate/set-up.mjs'

const playground = dirname(fileURLToPath(import.meta.url))
const root = dirname(playground)
const isWindows = process.platform === 'win32'

/** Ends the current child process or the dev server before this process exits. */
let end = async () => {}
let isEnding = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0))
// `npm start` runs this process in a shell, which ends on a signal without forwarding it.
const parent = process.ppid
setInterval(() => process.ppid !== parent && void stop(0), 1000).unref()

try {
  await main()
} catch (error) {
  if (!isEnding) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}

async function main() {
  const problem = nodeProblem()
  if (problem) throw new Error(problem)
  const { port, host } = readArguments()
  await install()
  await build()
  if (isEnding) return
  await serve(port, host)
}

/** As in Vite, `--host` without an address opens the playground to the network. */
function readArguments() {
  const args = process.argv
    .slice(2)
    .map((arg, index, all) => (arg === '--host' && isOption(all[index + 1]) ? '--host=0.0.0.0' : arg))
  const { port, host } = parseArgs({
    args,
    options: { port: { type: 'string', default: '5173' }, host: { type: 'string', default: '127.0.0.1' } },
  }).values
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new Error(`--port must be a number up to 65535, but is "${port}".`)
  return { port: Number(port), host }
}

function isOption(/** @type {string | undefined} */ arg) {
  return arg === undefined || arg.startsWith('-')
}

async function install() {
  if (isInstalled()) return
  await step('Installing packages', isWindows ? 'npx.cmd' : 'npx', ['--yes', 'pnpm@10', 'install', '--frozen-lockfile'])
}

/** The server and the Vite plugin run in Node from `dist`; the app uses the sources. */
async function build() {
  const compiler = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')
  const isBuilt = () => ['server', 'vite'].every((name) => existsSync(join(root, 'packages', name, 'dist', 'index.js')))
  // The compiler's build info is wrong if the output was deleted.
  const force = isBuilt() ? [] : ['--force']
  try {
    await step('Building the packages', process.execPath, [compiler, '-b', ...force, join(root, 'packages', 'vite')])
  } catch (error) {
    // The compiler emits output in spite of type errors, so that the playground also starts in the middle of a change.
    if (!isBuilt()) throw error
    console.error(error instanceof Error ? error.message : error)
  }
}

/**
 * Runs a command and prints one line of progress; prints the output only if the command fails.
 *
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 */
async function step(title, command, args) {
  if (isEnding) return
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  process.stdout.write(`${title} …`)
  const ticker = setInterval(() => process.stdout.write(` ${seconds()} s`), 10_000)
  // A separate process group: Ctrl-C in the terminal reaches only this process, which then ends the group.
  const child = spawn(command, [...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !isWindows,
    shell: isWindows,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const closed = once(child, 'close')
  end = async () => {
    killGroup(child)
    await closed
  }
  try {
    const [code] = await closed
    process.stdout.write(isEnding ? '\n' : ` ${code === 0 ? 'done' : 'failed'} after ${seconds()} s\n`)
    if (code !== 0 && !isEnding) throw new Error(`${output.trim()}\n\n“${command} ${args.join(' ')}” ended with code ${code}.`)
  } finally {
    clearInterval(ticker)
    end = async () => {}
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup({ pid }) {
  if (pid === undefined) return
  try {
    process.kill(isWindows ? pid : -pid, 'SIGTERM')
  } catch {
    // It has already ended.
  }
}

/**
 * @param {number} port
 * @param {string} host
 */
async function serve(port, host) {
  process.stdout.write('Starting the dev server …')
  const startedAt = performance.now()
  // Imported here because it may have been installed a moment ago.
  const { createServer } = await import('vite')
  const server = await createServer({ root: playground, clearScreen: false, logLevel: 'warn', server: { host, port } })
  end = () => server.close()
  if (isEnding) return
  await server.listen()
  const url = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0] ?? `http://${host}:${port}/`
  process.stdout.write(` done after ${Math.round((performance.now() - startedAt) / 100) / 10} s\n`)
  // Port 0 is a request for any free port.
  const takenPort =
    port === 0 || Number(new URL(url).port || 80) === port ? '' : `  Port ${port} is taken; using the next free port.\n`
  const isOpen = (server.resolvedUrls?.network.length ?? 0) > 0
  const warning = isOpen ? '  Everyone in your network can sign in as a test user.\n' : ''
  console.log(
    `\n  Latchkey playground: ${url}\n${takenPort}${warning}  Sign-in server:      ${new URL('oauth', url).href}\n\n  Ctrl-C stops it.\n`,
  )
}

/** Ends child processes and the dev server, then this process. A second Ctrl-C exits at once. */
async function stop(/** @type {number} */ code) {
  if (isEnding) process.exit(code)
  isEnding = true
  setTimeout(() => process.exit(code), 5000).unref()
  await end()
  process.exit(code)
}
