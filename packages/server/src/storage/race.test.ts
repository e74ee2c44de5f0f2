import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CIBA_GRANT_TYPE, cibaDecisions, saveCibaRequest } from '../features/ciba/ciba-request.js'
import { accessTokenStore } from './access-token-store.js'
import { authCodeStore } from './auth-code-store.js'
import type { ConnectedStore } from './connected-store.js'
import { digest } from './digest.js'
import { memcachedStore } from './memcached-store.js'
import type { RaceOrder } from './race-worker.fixture.js'
import { findProgram, startMemcached, startRedis, type RealServer } from './real-server.fixture.js'
import { redisStore } from './redis-store.js'
import { sqliteStore } from './sqlite-store.js'
import { storesOver } from './stores.js'

const here = dirname(fileURLToPath(import.meta.url))
let folder = ''
let worker = ''

beforeAll(async () => {
  // Inside the package, so that the built worker finds the package's dependencies.
  folder = await mkdtemp(join(here, '../../node_modules/.race-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      rolldownOptions: { external: ['node-sqlite3-wasm'] },
      ssr: join(here, 'race-worker.fixture.ts'),
      outDir: folder,
      emptyOutDir: true,
      minify: false,
    },
  })
  worker = join(folder, 'race-worker.fixture.js')
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

function once(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', () => reject(new Error('the process ended without an response')))
  })
}

/** Starts two processes, lets both redeem every token, and returns how often each was redeemed. */
async function raceTwice(order: RaceOrder): Promise<readonly number[]> {
  const children = [fork(worker), fork(worker)]
  await Promise.all(children.map(once))
  const responses = children.map(once)
  for (const child of children) child.send(order)
  const won = (await Promise.all(responses)) as readonly { readonly won: readonly number[] }[]
  const all = won.flatMap((response) => [...response.won])
  return order.tokens.map((_, index) => all.filter((winner) => winner === index).length)
}

const granted = { clientId: 'web', scope: ['read'], userId: 'alice', data: {} }

async function makeCodes(store: ConnectedStore, count: number): Promise<readonly string[]> {
  const codes = Array.from({ length: count }, () => crypto.randomUUID())
  const record = { ...granted, redirectUri: undefined, expiresAt: Date.now() + 60_000 }
  for (const code of codes)
    await authCodeStore(store).saveCode({ ...record, code: await digest(code), grantId: crypto.randomUUID() })
  return codes
}

async function makeRefreshTokens(store: ConnectedStore, count: number): Promise<readonly string[]> {
  const tokens = Array.from({ length: count }, () => crypto.randomUUID())
  const record = { ...granted, grantType: 'authorization_code', issuedAt: Date.now(), expiresAt: Date.now() + 600_000 }
  for (const token of tokens)
    await accessTokenStore(store).saveRefreshToken({ ...record, token: await digest(token), families: [crypto.randomUUID()] })

  return tokens
}

async function makeApprovedRequests(store: ConnectedStore, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID())
  const stores = { stores: storesOver(store) }
  for (const id of ids) {
    const request = { ...granted, key: await digest(id), place: '', expiresAt: Date.now() + 600_000 }
    await saveCibaRequest(request, stores)
    await cibaDecisions.decide(request, { allowed: true, userId: 'alice', data: {}, authTime: 1 }, stores)
  }
  return ids
}

// Codes and tokens are valid once across processes.
async function expectSingleUse(store: ConnectedStore, where: Pick<RaceOrder, 'kind' | 'place'>): Promise<void> {
  const codes = await makeCodes(store, 1000)
  const uses = await raceTwice({ ...where, grantType: 'authorization_code', tokens: codes })
  expect(uses.filter((count) => count === 1)).toHaveLength(1000)
  const tokens = await makeRefreshTokens(store, 200)
  const refreshes = await raceTwice({ ...where, grantType: 'refresh_token', tokens })
  expect(refreshes.filter((count) => count === 1)).toHaveLength(200)
  const approved = await makeApprovedRequests(store, 200)
  const signIns = await raceTwice({ ...where, grantType: CIBA_GRANT_TYPE, tokens: approved })
  expect(signIns.filter((count) => count === 1)).toHaveLength(200)
  await store.close()
}

describe('two processes that share a store', () => {
  it('redeem each of a thousand codes once, over SQLite', async () => {
    // covers C-028, C-038, C-056
    const place = join(folder, 'race.db')
    const store = sqliteStore({ file: place })
    const where = { kind: 'sqlite', place } as const
    // Every write is synced to disk: a thousand token requests would take a minute.
    const taken = await raceTwice({ ...where, grantType: 'take', tokens: await makeCodes(store, 1000) })
    expect(taken.filter((count) => count === 1)).toHaveLength(1000)
    const redeemed = await raceTwice({ ...where, grantType: 'authorization_code', tokens: await makeCodes(store, 50) })
    expect(redeemed.filter((count) => count === 1)).toHaveLength(50)
    const refreshed = await raceTwice({ ...where, grantType: 'refresh_token', tokens: await makeRefreshTokens(store, 50) })
    expect(refreshed.filter((count) => count === 1)).toHaveLength(50)
    const signIns = await raceTwice({ ...where, grantType: CIBA_GRANT_TYPE, tokens: await makeApprovedRequests(store, 25) })
    expect(signIns.filter((count) => count === 1)).toHaveLength(25)
    await store.close()
  }, 120_000)

  const redis = findProgram('redis-server', 'redis-server')
  it.skipIf(redis === undefined)(
    'redeem each of a thousand codes once, over Redis',
    async () => {
      // covers C-028, C-038, C-056
      const server: RealServer = await startRedis(redis ?? '')
      const place = `redis://127.0.0.1:${server.port}`
      try {
        await expectSingleUse(redisStore({ redis: place }), { kind: 'redis', place })
      } finally {
        await server.stop()
      }
    },
    60_000,
  )

  const memcached = findProgram('memcached', 'memcached')
  it.skipIf(memcached === undefined)(
    'redeem each of a thousand codes once, over memcached',
    async () => {
      // covers C-028, C-038, C-056
      const server: RealServer = await startMemcached(memcached ?? '')
      const place = `127.0.0.1:${server.port}`
      try {
        await expectSingleUse(memcachedStore({ servers: place }), { kind: 'memcached', place })
      } finally {
        await server.stop()
      }
    },
    60_000,
  )
})
