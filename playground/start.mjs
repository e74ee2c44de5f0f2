// Starts the playground from a bare clone: node playground/start.mjs [--port 5173] [--host 127.0.0.1]
// Needs nothing but Node and npm: what is missing is installed and built first.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const playground = dirname(fileURLToPath(import.meta.url))
const root = dirname(playground)
const oldestNode = [20, 19]
const isWindows = process.platform === 'win32'

/** What has to end before this process does: a step that runs, later the dev server. */
let end = async () => {}
let isEnding = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0))

try {
  await main()
} catch (error) {
  if (!isEnding) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}

async function main() {
  checkNode()
  const { port, host } = readArguments()
  await install()
  await build()
  if (isEnding) return
  await serve(port, host)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new Error(`Latchkey needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}. Install a newer one from https://nodejs.org/ and try again.`)
}

function readArguments() {
  const options = { port: { type: 'string', default: '5173' }, host: { type: 'string', default: '127.0.0.1' } }
  const { port, host } = parseArgs({ options }).values
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new Error(`--port wants a number up to 65535; it got "${port}".`)
  return { port: Number(port), host }
}

/** Only when the lockfile is not the one that was installed: pnpm keeps a copy of that. */
async function install() {
  const installed = join(root, 'node_modules', '.pnpm', 'lock.yaml')
  const isInstalled = existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
  if (isInstalled) return
  await step('Installing packages', isWindows ? 'npx.cmd' : 'npx', ['--yes', 'pnpm@10', 'install', '--frozen-lockfile'])
}

/** The server and the Vite plugin run in Node from `dist`. The app itself is read from the sources. */
async function build() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await step('Building the packages', process.execPath, [compiler, '-b', join(root, 'packages', 'vite')])
}

/** Runs a command; its output is shown only when it fails, or while it runs when that takes long. */
function step(title, command, args) {
  if (isEnding) return Promise.resolve()
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  process.stdout.write(`${title} …`)
  const ticker = setInterval(() => process.stdout.write(` ${seconds()} s`), 10_000)
  // A group of its own: Ctrl-C in the terminal reaches this process alone, and it ends the whole group.
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: !isWindows, shell: isWindows })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise((resolve) => child.once('close', resolve))
  end = async () => {
    killGroup(child)
    await ended
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      process.stdout.write(isEnding ? '\n' : ` ${code === 0 ? 'done' : 'failed'} after ${seconds()} s\n`)
      if (code === 0 || isEnding) resolve()
      else reject(new Error(`${output.trim()}\n\n“${command} ${args.join(' ')}” ended with code ${code}.`))
    })
  }).finally(() => {
    clearInterval(ticker)
    end = async () => {}
  })
}

function killGroup(child) {
  try {
    process.kill(isWindows ? child.pid : -child.pid, 'SIGTERM')
  } catch {
    // It has ended by itself in the meantime.
  }
}

async function serve(port, host) {
  process.stdout.write('Starting the dev server …')
  const startedAt = performance.now()
  const { createServer } = await import(pathToFileURL(join(root, 'node_modules', 'vite', 'dist', 'node', 'index.js')).href)
  const server = await createServer({ root: playground, clearScreen: false, logLevel: 'warn', server: { host, port } })
  end = () => server.close()
  if (isEnding) return
  await server.listen()
  const url = server.resolvedUrls.local[0] ?? server.resolvedUrls.network[0]
  process.stdout.write(` done after ${Math.round((performance.now() - startedAt) / 100) / 10} s\n`)
  const takenPort = Number(new URL(url).port || 80) === port ? '' : `  Port ${port} is taken, so it is on the next free one.\n`
  console.log(`\n  Latchkey playground: ${url}\n${takenPort}  Sign-in server:      ${new URL('oauth', url).href}\n\n  Ctrl-C stops it.\n`)
}

/** Ends what runs, then this process. A second Ctrl-C does not wait. */
async function stop(code) {
  if (isEnding) process.exit(code)
  isEnding = true
  setTimeout(() => process.exit(code), 5000).unref()
  await end()
  process.exit(code)
}
