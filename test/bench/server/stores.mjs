// Starts the stores that a run needs, empty, on loopback. It omits those whose program is missing, and says so.
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDelay } from './delay.mjs'

/** Databases refuse to run as root. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (/** @type {boolean} */ result) => () => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', settle(true)).once('error', settle(false))
  })
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {number} port
 * @param {object} [user]
 */
async function run(program, args, port, user = {}) {
  const child = spawn(program, args, { stdio: 'ignore', ...user })
  for (let tries = 0; tries < 200 && !(await accepts(port)); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50))
  return async () => {
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await exited
  }
}

async function startRedis() {
  const program = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path))
  if (program === undefined) return undefined
  const port = await freePort()
  const stop = await run(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], port)
  const milliseconds = Number(process.env.REDIS_DELAY ?? 0)
  return { url: `redis://127.0.0.1:${milliseconds > 0 ? await startDelay(port, milliseconds) : port}`, stop }
}

async function startPostgres() {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted() : []
  if (versions.length === 0) return undefined
  const programs = `/usr/lib/postgresql/${versions.at(-1)}/bin`
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  if (UNPRIVILEGED.uid !== undefined) chownSync(folder, UNPRIVILEGED.uid, UNPRIVILEGED.gid ?? 0)
  const data = join(folder, 'data')
  execFileSync(`${programs}/initdb`, ['-D', data, '-U', 'latchkey', '--auth=trust', '--locale=C.UTF-8'], {
    ...UNPRIVILEGED,
    stdio: 'ignore',
  })
  const port = await freePort()
  const stop = await run(
    `${programs}/postgres`,
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder],
    port,
    UNPRIVILEGED,
  )
  return {
    url: `postgres://latchkey@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  return { url: join(folder, 'bench.db'), stop: async () => rmSync(folder, { recursive: true, force: true }) }
}

/** @typedef {{ url: string, stop: () => Promise<void> }} RunningStore */
/** @type {Record<string, () => Promise<RunningStore | undefined>>} */
const START = {
  redis: startRedis,
  postgres: startPostgres,
  sqlite: startSqlite,
  memory: async () => ({ url: '', stop: async () => undefined }),
}

/** @param {readonly string[]} wanted */
export async function startStores(wanted) {
  /** @type {Record<string, string>} */
  const urls = {}
  /** @type {RunningStore[]} */
  const running = []
  for (const name of wanted) {
    const store = await START[name]?.()
    if (store) {
      urls[name] = store.url
      running.push(store)
    } else console.log(`${name}: left out, since its program is not installed`)
  }
  return { names: Object.keys(urls), urls, stop: () => Promise.all(running.map(({ stop }) => stop())) }
}
