import { createServer, type RequestListener, type Server } from 'node:http'
import { createAuthorizationServer, storesOver, userSite, type AtomicStore } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import type { Output } from '../output.js'
import { withHostCheck } from './host-check.js'
import { openKeys } from './open-keys.js'
import { openStore } from './open-store.js'
import { readSettings } from './read-settings.js'
import type { ServerOptions } from './server-options.js'
import { watchFiles } from './watch-files.js'

const OPEN_WARNING =
  'Warning: this server listens beyond this machine, and users sign in with one click. Everyone who can reach it can sign in as any user. ' +
  'Use --host 127.0.0.1, or give the users passwords.'

/** A server that accepts requests. */
export interface RunningServer {
  readonly issuer: string
  close(): Promise<void>
}

/** What the settings files lead to. */
interface LoadedSettings {
  readonly listener: RequestListener
  /** True if users sign in without a password. */
  readonly isOneClick: boolean
}

/** Builds the request listener for an issuer from the settings files, which it reads each time. */
type LoadListener = (issuer: string) => Promise<LoadedSettings>

/** Starts a server and reloads its settings files when they change. Resolves once the server accepts requests. */
export async function startServer(options: ServerOptions, output: Output): Promise<RunningServer> {
  const store = await openStore(options.store)
  try {
    const load = await prepare(options, output, store)
    // Check settings and store before listening. The port does not matter for this.
    await load(issuerOf(options, options.port))
    await checkStore(store, options.store)
    return await serve(options, output, { load, close: () => closeStore(store) })
  } catch (error) {
    // An open store would keep the process running.
    await closeStore(store).catch(() => undefined)
    throw error
  }
}

async function prepare(options: ServerOptions, output: Output, store: AtomicStore): Promise<LoadListener> {
  // Read the files first: generating keys takes a while.
  await readSettings(options)
  const stores = storesOver(store)
  const keys = await openKeys(options.keys)
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const hooks = {
    onError: (error: unknown): void => output.error(error instanceof Error ? error.message : 'Unknown error.'),
  }
  return async (issuer) => {
    const { users, oneClick, ...settings } = await readSettings(options)
    const site = userSite({ users, oneClick })
    // Stores, keys and secret stay the same, so users stay signed in across a reload.
    const { allowInsecureHttp = false } = options
    const server = createAuthorizationServer({ issuer, stores, keys, secret, site, hooks, allowInsecureHttp, ...settings })
    const handle = toNodeHandler(server)
    const hasNoPasswords = users.length > 0 && users.every(({ password }) => password === undefined)
    const allowed = [new URL(issuer).hostname, options.host, ...(options.allowedHost ?? [])]
    const listener = withHostCheck((request, response) => void handle(request, response), allowed)
    return { listener, isOneClick: oneClick ?? hasNoPasswords }
  }
}

async function serve(
  options: ServerOptions,
  output: Output,
  { load, close }: { readonly load: LoadListener; readonly close: () => Promise<void> },
): Promise<RunningServer> {
  const http = createServer()
  await listen(http, options)
  const issuer = issuerOf(options, portOf(http))
  let current = await load(issuer)
  http.on('request', (request, response) => current.listener(request, response))
  const warn = (former?: LoadedSettings): void => {
    if (current.isOneClick && !former?.isOneClick && !isLoopback(http)) output.error(OPEN_WARNING)
  }
  const reload = async (): Promise<void> => {
    try {
      const former = current
      current = await load(issuer)
      if (!options.quiet) output.print('Settings reloaded.')
      warn(former)
    } catch (error) {
      output.error(`Settings not reloaded: ${error instanceof Error ? error.message : 'unknown error'}`)
    }
  }
  const files = [options.config, options.users, options.clients].filter((file) => file !== undefined)
  const stopWatching = watchFiles(files, () => void reload())
  output.print(issuer)
  warn()
  return {
    issuer,
    async close() {
      stopWatching()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await close()
    },
  }
}

/** A browser cannot open an address that means "all interfaces". IPv6 addresses need brackets (RFC 3986, section 3.2.2). */
function issuerOf({ issuer, host }: ServerOptions, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return issuer ?? `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

async function checkStore(store: AtomicStore, location: string): Promise<void> {
  try {
    await store.get('start')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown error'
    // The location may contain a password, so the message repeats only its kind.
    throw new TypeError(`--store: the ${location.split(':')[0]} store is not reachable: ${reason}`, { cause })
  }
}

async function closeStore(store: AtomicStore): Promise<void> {
  if ('close' in store && typeof store.close === 'function') await store.close()
}

function listen(http: Server, { port, host }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      resolve()
    })
  })
}

/** Without an address to listen on, Node listens on all. */
function isLoopback(http: Server): boolean {
  const address = http.address()
  return typeof address === 'object' && address !== null && /^(?:::ffff:)?127\.|^::1$/.test(address.address)
}

function portOf(http: Server): number {
  const address = http.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
