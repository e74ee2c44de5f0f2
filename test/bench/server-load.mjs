// Token requests per second on loopback: the server on each store beside oidc-provider, in the same run; and its memory over
// 100,000 tokens. Prints ratios; asserts nothing. Build first: npx tsc -b packages/server
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientCredentials, createAuthorizationServer, memoryStore, storesOver, userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { redisStore } from '@latchkey/server/redis'
import { sqliteStore } from '@latchkey/server/sqlite'
import { Provider } from 'oidc-provider'

const REQUESTS = Number(process.env.REQUESTS ?? 2000)
const TOKENS = Number(process.env.TOKENS ?? 100_000)
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

/**
 * @param {URL} url
 * @param {Agent} agent
 * @returns {Promise<void>}
 */
function ask(url, agent) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(BODY) }
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      response
        .resume()
        .once('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`))))
    })
    outgoing.once('error', reject).end(BODY)
  })
}

/**
 * @param {string} issuer
 * @param {number} count
 */
async function fire(issuer, count) {
  const url = new URL(issuer.includes('?') ? issuer : `${issuer}/token`)
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY })
  const startedAt = performance.now()
  let left = count
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) await ask(url, agent)
    }),
  )
  agent.destroy()
  return count / ((performance.now() - startedAt) / 1000)
}

/**
 * @param {string} name
 * @param {MakeHandler} makeHandler
 */
async function measure(name, makeHandler, count = REQUESTS) {
  const running = await listen(makeHandler)
  await fire(running.issuer, Math.min(300, count))
  const rate = await fire(running.issuer, count)
  await running.close()
  return { name, rate }
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

const rows = [await measure('oidc-provider, memory', peer), await measure('latchkey, memory', ours(memoryStore()))]
const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
const sqlite = sqliteStore({ file: join(folder, 'bench.db') })
rows.push(await measure('latchkey, SQLite', ours(sqlite), Math.ceil(REQUESTS / 4)))
await sqlite.close()
await rm(folder, { recursive: true })
const redis = await startRedis()
if (redis) {
  const store = redisStore({ redis: redis.url })
  rows.push(await measure('latchkey, Redis', ours(store)))
  await store.close()
  redis.stop()
}
const base = rows[0]?.rate ?? 1
for (const { name, rate } of rows)
  console.log(`${name.padEnd(24)} ${rate.toFixed(0).padStart(6)} tokens/s   ${(rate / base).toFixed(2)} of oidc-provider`)

// Memory: tokens live for a second, so that what is held is what is alive.
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
