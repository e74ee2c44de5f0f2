import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createServer, type Server } from 'node:http'
import { toNodeHandler, type NodeHandler } from '../adapters/node.js'
import { createAuthorizationServer } from '../authorization-server.js'
import { defined } from '../defined.js'
import { userSite } from '../site/user-site.js'
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
  // Before anything is opened: a wrong file must leave nothing behind that keeps the process alive.
  await readSettings(options)
  const store = await openStore(options.store)
  const stores = storesOver(store)
  const keys = await openKeys(options.keys)
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const http = createServer()
  await listen(http, options)
  const issuer = options.issuer ?? `http://${options.host}:${portOf(http)}`

  const load = async (): Promise<NodeHandler> => {
    const { users, clients, grants, scopes, scopeClaims, oneClick } = await readSettings(options)
    const site = userSite({ users, ...(oneClick ? { oneClick } : {}) })
    // Stores, keys and secret go on: who is signed in stays signed in over a reload.
    const fixed = { issuer, stores, keys, secret, site, clients, grants }
    const hooks = { onError: (error: unknown): void => output.fault(error instanceof Error ? error.message : 'unknown fault') }
    return toNodeHandler(createAuthorizationServer({ ...fixed, hooks, ...defined({ scopes, scopeClaims }) }))
  }
  let handle = await load()
  http.on('request', (request, response) => void handle(request, response))
  const stop = watchFiles(
    options,
    async () => {
      handle = await load()
      if (!options.quiet) output.print('settings read again')
    },
    output,
  )
  output.print(issuer)
  return {
    issuer,
    async close() {
      stop()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      if ('close' in store && typeof store.close === 'function') await store.close()
    },
  }
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
