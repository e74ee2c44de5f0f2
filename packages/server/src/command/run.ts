import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createServer, type Server } from 'node:http'
import { toNodeHandler, type NodeHandler } from '../adapters/node.js'
import { createAuthorizationServer } from '../server/create-server.js'
import { defined } from '../options/defined.js'
import { userSite } from '../site/user-site.js'
import type { AtomicStore } from '../storage/atomic-store.js'
import { storesOver } from '../storage/stores.js'
import type { CommandOptions } from './command-options.js'
import { openKeys } from './open-keys.js'
import { openStore } from './open-store.js'
import { readSettings } from './read-settings.js'

/** Where the command writes: lines for people on one side, faults on the other. */
export interface Output {
  print(line: string): void
  fault(line: string): void
}

/** A running server. */
export interface Running {
  readonly issuer: string
  close(): Promise<void>
}

/** Milliseconds: editors write a file in several steps. */
const SETTLE = 50

/** Starts a server as the options say, and reads its files again when they change. @returns it, once it listens */
export async function run(options: CommandOptions, output: Output): Promise<Running> {
  const store = await openStore(options.store)
  try {
    return await start(options, output, store)
  } catch (error) {
    // Nothing may stay open that keeps the process alive.
    await closeStore(store).catch(() => undefined)
    throw error
  }
}

async function start(options: CommandOptions, output: Output, store: AtomicStore): Promise<Running> {
  // The files first: keys take a while to make.
  await readSettings(options)
  const stores = storesOver(store)
  const keys = await openKeys(options.keys)
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const load = async (issuer: string): Promise<NodeHandler> => {
    const { users, clients, grants, scopes, scopeClaims, oneClick } = await readSettings(options)
    const site = userSite({ users, ...(oneClick ? { oneClick } : {}) })
    // Stores, keys and secret go on: who is signed in stays signed in over a reload.
    const fixed = { issuer, stores, keys, secret, site, clients, grants }
    const hooks = { onError: (error: unknown): void => output.fault(error instanceof Error ? error.message : 'unknown fault') }
    return toNodeHandler(createAuthorizationServer({ ...fixed, hooks, ...defined({ scopes, scopeClaims }) }))
  }
  // Once before anything listens: which port it will be changes nothing about what is wrong.
  await load(issuerOf(options, options.port))
  await checkStore(store, options.store)
  const http = createServer()
  await listen(http, options)
  const issuer = issuerOf(options, portOf(http))
  let handle = await load(issuer)
  http.on('request', (request, response) => void handle(request, response))
  const reload = async (): Promise<void> => {
    handle = await load(issuer)
    if (!options.quiet) output.print('settings read again')
  }
  const stop = watchFiles(options, reload, output)
  output.print(issuer)
  return {
    issuer,
    async close() {
      stop()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await closeStore(store)
    },
  }
}

/** Addresses that mean every interface are none that a browser can go to; IPv6 stands in brackets (RFC 3986, section 3.2.2). */
function issuerOf({ issuer, host }: CommandOptions, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return issuer ?? `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

/** A store that cannot be reached is said now, and not with the first request. */
async function checkStore(store: AtomicStore, where: string): Promise<void> {
  try {
    await store.get('start')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown fault'
    // Of an address that may hold a password only the kind is repeated.
    throw new TypeError(`--store: the ${where.split(':')[0]} store does not answer: ${reason}`, { cause })
  }
}

async function closeStore(store: AtomicStore): Promise<void> {
  if ('close' in store && typeof store.close === 'function') await store.close()
}

function listen(http: Server, { port, host }: CommandOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      resolve()
    })
  })
}

function portOf(http: Server): number {
  const address = http.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A file that cannot be read leaves the settings as they are, and says so. */
function watchFiles({ config, users, clients }: CommandOptions, reload: () => Promise<void>, output: Output): () => void {
  let timer: NodeJS.Timeout | undefined
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void reload().catch((error: unknown) => output.fault(`settings kept: ${String(error)}`)), SETTLE)
  }
  // The folder is watched, not the file: editors put a new file in the place of the old one.
  const watchers = [config, users, clients]
    .filter((file) => file !== undefined)
    .map((file) => watch(dirname(file), (_event, name) => (name === basename(file) ? later() : undefined)))
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}
