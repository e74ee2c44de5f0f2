import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect } from 'vitest'
import { CIBA_GRANT_TYPE, cibaDecisions, saveCibaRequest } from '../features/ciba/ciba-request.js'
import { accessTokenStore } from './access-token-store.js'
import type { ConnectedStore } from './connected-store.js'
import { digest } from './digest.js'
import { RACE_ISSUER } from './race-issuer.fixture.js'
import type { RaceOrder } from './race-worker.fixture.js'
import { storesOver } from './stores.js'
import { storesOfIssuer } from './stores-of-issuer.js'

const here = dirname(fileURLToPath(import.meta.url))
let worker = ''
/** The two processes, which race for one order after another. */
let children: readonly ChildProcess[] = []

/** Builds the program of the two processes. Returns its folder, which the test removes. */
export async function buildRaceWorker(): Promise<string> {
  // Inside the package, so that the built worker finds the package's dependencies.
  const folder = await mkdtemp(join(here, '../../node_modules/.race-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      rolldownOptions: { external: ['node-sqlite3-wasm', 'pg', 'mysql2/promise'] },
      ssr: join(here, 'race-worker.fixture.ts'),
      outDir: folder,
      emptyOutDir: true,
      minify: false,
    },
  })
  worker = join(folder, 'race-worker.fixture.js')
  return folder
}

/** Ends the two processes and removes what {@link buildRaceWorker} built. */
export function removeRaceWorker(folder: string): Promise<void> {
  for (const child of children) child.kill()
  children = []
  return rm(folder, { recursive: true, force: true })
}

function once(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the process ended without a response'))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message)
    })
  })
}

/** Lets two processes redeem every token, and returns how often each was redeemed. */
export async function raceTwice(order: RaceOrder): Promise<readonly number[]> {
  if (children.length === 0) {
    children = [fork(worker), fork(worker)]
    await Promise.all(children.map(once))
  }
  const responses = children.map(once)
  for (const child of children) child.send(order)
  const won = (await Promise.all(responses)) as readonly { readonly won: readonly number[] }[]
  const all = won.flatMap((response) => [...response.won])
  return order.tokens.map((_, index) => all.filter((winner) => winner === index).length)
}

const granted = { clientId: 'web', scope: ['read'], userId: 'alice', data: {} }

export async function makeCodes(store: ConnectedStore, count: number): Promise<readonly string[]> {
  const codes = Array.from({ length: count }, () => crypto.randomUUID())
  const record = { ...granted, redirectUri: undefined, expiresAt: Date.now() + 60_000 }
  const { authCodes } = storesOfIssuer(storesOver(store), RACE_ISSUER)
  const save = async (code: string): Promise<void> =>
    authCodes.saveCode({ ...record, code: await digest(code), grantId: crypto.randomUUID() })
  // At once: SQLite syncs them to disk together.
  await Promise.all(codes.map(save))
  return codes
}

export async function makeRefreshTokens(store: ConnectedStore, count: number): Promise<readonly string[]> {
  const tokens = Array.from({ length: count }, () => crypto.randomUUID())
  const record = { ...granted, grantType: 'authorization_code', issuedAt: Date.now(), expiresAt: Date.now() + 600_000 }
  const save = async (token: string): Promise<void> =>
    accessTokenStore(store).saveRefreshToken({ ...record, token: await digest(token), families: [crypto.randomUUID()] })
  await Promise.all(tokens.map(save))
  return tokens
}

export async function makeApprovedRequests(store: ConnectedStore, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID())
  const stores = { stores: storesOfIssuer(storesOver(store), RACE_ISSUER) }
  const save = async (id: string): Promise<void> => {
    const request = { ...granted, key: await digest(id), requestId: id, place: '', expiresAt: Date.now() + 600_000 }
    await saveCibaRequest(request, stores)
    await cibaDecisions.decide(request, { allowed: true, userId: 'alice', data: {}, authTime: 1 }, stores)
  }
  await Promise.all(ids.map(save))
  return ids
}

/** Codes and tokens are valid once across processes. */
export async function expectSingleUse(
  store: ConnectedStore,
  where: Pick<RaceOrder, 'kind' | 'place'>,
  { codes, others = 200 }: { readonly codes: number; readonly others?: number },
): Promise<void> {
  const uses = await raceTwice({ ...where, grantType: 'authorization_code', tokens: await makeCodes(store, codes) })
  expect(uses.filter((count) => count === 1)).toHaveLength(codes)
  const refreshes = await raceTwice({ ...where, grantType: 'refresh_token', tokens: await makeRefreshTokens(store, others) })
  expect(refreshes.filter((count) => count === 1)).toHaveLength(others)
  const signIns = await raceTwice({ ...where, grantType: CIBA_GRANT_TYPE, tokens: await makeApprovedRequests(store, others) })
  expect(signIns.filter((count) => count === 1)).toHaveLength(others)
  await expectSingleUseOfOAuth1(where, others)
}

/** Nonces and temporary credentials of OAuth 1.0a are used once across processes. */
export async function expectSingleUseOfOAuth1(where: Pick<RaceOrder, 'kind' | 'place'>, count: number): Promise<void> {
  const tokens = Array.from({ length: count }, () => crypto.randomUUID())
  const uses = await raceTwice({ ...where, grantType: 'oauth1', tokens })
  expect(uses.filter((each) => each === 1)).toHaveLength(count)
}
