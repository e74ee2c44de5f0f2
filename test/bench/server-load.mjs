// Token requests per second on loopback: the server on each store beside oidc-provider, in the same run; and its memory over
// 100,000 tokens. Prints ratios; asserts nothing. Build first: npm run build
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { clientCredentials, createAuthorizationServer, memoryStore, storesOver, userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { redisStore } from '@latchkey/server/redis'
import { sqliteStore } from '@latchkey/server/sqlite'
import { Provider } from 'oidc-provider'

const REQUESTS = Number(process.env.REQUESTS ?? 2000)
const TOKENS = Number(process.env.TOKENS ?? 100_000)
const ROUNDS = 5
const CONCURRENCY = 16
const CLIENT = { id: 'bench', secret: 'a secret of more than thirty-two bytes' }
const BODY = new URLSearchParams({
  grant_type: 'client_credentials',
  scope: 'api',
  client_id: CLIENT.id,
  client_secret: CLIENT.secret,
}).toString()

/** @typedef {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} Handler */
/** @typedef {(issuer: string) => Handler} MakeHandler */

/**
 * @param {import('node:net').Server} server
 * @returns {Promise<number>} the port
 */
async function listenOn(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

/** @param {MakeHandler} makeHandler */
async function listen(makeHandler) {
  const http = createServer()
  const issuer = `http://127.0.0.1:${await listenOn(http)}`
  const handler = makeHandler(issuer)
  http.on('request', (incoming, outgoing) => void handler(incoming, outgoing))
  return { issuer, close: () => (http.closeAllConnections(), new Promise((resolve) => http.close(resolve))) }
}

/**
 * @param {import('@latchkey/server').AtomicStore} store
 * @param {{ expiresIn?: number }} [options]
 * @returns {MakeHandler}
 */
const ours =
  (store, options = {}) =>
  (issuer) => {
    const server = createAuthorizationServer({
      issuer,
      clients: [{ clientId: CLIENT.id, clientSecret: CLIENT.secret, redirectUris: [] }],
      grants: [clientCredentials({ scopes: ['api'], ...options })],
      site: userSite({ users: [] }),
      stores: storesOver(store),
    })
    return toNodeHandler(server)
  }

/** @type {MakeHandler} */
const peer = (issuer) =>
  new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    scopes: ['api'],
  }).callback()

// In a worker thread: on the server's event loop each response would wait for the client's work.
const client = new Worker(new URL('load-client.mjs', import.meta.url))

/**
 * @param {string} issuer
 * @param {number} count
 * @returns {Promise<number>} tokens per second
 */
async function fire(issuer, count) {
  const answer = once(client, 'message')
  client.postMessage({ url: `${issuer}/token`, body: BODY, count, concurrency: CONCURRENCY })
  const [{ rate, error }] = await answer
  if (error) throw new Error(error)
  return rate
}

/**
 * All take turns, in rounds, after each was warmed up: what ran later would profit from code that the ones before made hot.
 *
 * @param {readonly { name: string, makeHandler: MakeHandler }[]} subjects
 * @returns {Promise<{ name: string, rate: number }[]>} the median of the rounds, in tokens per second
 */
async function measure(subjects) {
  const running = []
  for (const { name, makeHandler } of subjects)
    running.push({ name, rates: /** @type {number[]} */ ([]), ...(await listen(makeHandler)) })
  const count = Math.ceil(REQUESTS / ROUNDS)
  for (const { issuer } of running) await fire(issuer, count)
  for (let round = 0; round < ROUNDS; round += 1) for (const { issuer, rates } of running) rates.push(await fire(issuer, count))

  for (const { close } of running) await close()
  return running.map(({ name, rates }) => ({ name, rate: rates.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0 }))
}

async function startRedis() {
  const program = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path))
  if (!program) return console.log('Redis: skipped, redis-server is not installed (Debian: apt-get install redis-server)')
  const probe = createServer()
  const port = await listenOn(probe)
  await new Promise((resolve) => probe.close(resolve))
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' })
  for (let tries = 0; tries < 100; tries += 1) {
    if (await answers(port)) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
const sqlite = sqliteStore({ file: join(folder, 'bench.db') })
const server = await startRedis()
const redis = server && redisStore({ redis: server.url })
const rows = await measure([
  { name: 'oidc-provider, memory', makeHandler: peer },
  { name: 'latchkey, memory', makeHandler: ours(memoryStore()) },
  { name: 'latchkey, SQLite', makeHandler: ours(sqlite) },
  ...(redis ? [{ name: 'latchkey, Redis', makeHandler: ours(redis) }] : []),
])
await sqlite.close()
await rm(folder, { recursive: true })
await redis?.close()
server?.stop()
const base = rows[0]?.rate ?? 1
for (const { name, rate } of rows)
  console.log(`${name.padEnd(24)} ${rate.toFixed(0).padStart(6)} tokens/s   ${(rate / base).toFixed(2)} of oidc-provider`)

// Memory: tokens live for a second, so that only live ones are counted.
const store = memoryStore({ sweepEvery: 500 })
const running = await listen(ours(store, { expiresIn: 1 }))
console.log(`\nmemory over ${TOKENS} tokens that live for a second`)
for (let issued = 0; issued < TOKENS; issued += TOKENS / 5) {
  await fire(running.issuer, TOKENS / 5)
  globalThis.gc?.()
  const heap = (process.memoryUsage().heapUsed / 1e6).toFixed(1)
  console.log(`after ${String(issued + TOKENS / 5).padStart(7)}: ${heap.padStart(6)} MB heap, ${store.size} entries`)
}
await running.close()
await client.terminate()
