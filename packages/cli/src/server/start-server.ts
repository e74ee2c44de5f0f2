import { hkdfSync } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import {
  createAuthorizationServer,
  storesOver,
  userSite,
  type AtomicStore,
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type UserSiteOptions,
} from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import type { Output } from '../output.js'
import { explainMismatch } from './explain-mismatch.js'
import { withHostCheck } from './host-check.js'
import { openKeys, type SigningKeys } from './open-keys.js'
import { openStore } from './open-store.js'
import { explainSettings, readSettings } from './read-settings.js'
import { riskReporter } from './risk-reporter.js'
import type { ServerOptions } from './server-options.js'
import { redactorFor } from './store-location.js'
import { watchFiles } from './watch-files.js'

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
  /** The settings files with passwords or secrets. */
  readonly secretFiles: readonly string[]
}

/** Builds the request listener for an issuer from the settings files, which it reads each time. */
type LoadListener = (issuer: string) => Promise<LoadedSettings>

/** Starts a server and reloads its settings files when they change. Resolves once the server accepts requests. */
export async function startServer(options: ServerOptions, output: Output): Promise<RunningServer> {
  const redact = redactorFor(options.store)
  const safeOutput: Output = { ...output, error: (line) => output.error(redact(line)) }
  try {
    return await start(options, safeOutput)
  } catch (error) {
    if (!(error instanceof Error) || redact(error.message) === error.message) throw error
    // oxlint-disable-next-line preserve-caught-error -- the cause has the password too
    throw new TypeError(redact(error.message))
  }
}

async function start(options: ServerOptions, output: Output): Promise<RunningServer> {
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
  const secret = options.keys === undefined ? crypto.getRandomValues(new Uint8Array(32)) : secretFrom(keys)
  const hooks = {
    onError: (error: unknown): void => output.error(error instanceof Error ? error.message : 'Unknown error.'),
  }
  return async (issuer) => {
    const { settings: read, secretFiles } = await readSettings(options)
    const { users, oneClick, ...settings } = read
    // Stores, keys and secret stay the same, so users stay signed in across a reload.
    const server = createServerOf({ issuer, stores, keys, secret, hooks, ...settings }, { users, oneClick }, options)
    const handle = toNodeHandler(server)
    const hasNoPasswords = users.length > 0 && users.every(({ password }) => password === undefined)
    const allowed = [new URL(issuer).hostname, options.host, ...(options.allowedHost ?? [])]
    const listener = withHostCheck((request, response) => void handle(request, response), allowed)
    return { listener, isOneClick: oneClick ?? hasNoPasswords, secretFiles }
  }
}

/** Throws a TypeError that names the file. */
function createServerOf(
  settings: Omit<AuthorizationServerOptions, 'site'>,
  users: Pick<UserSiteOptions, 'users' | 'oneClick'>,
  options: ServerOptions,
): AuthorizationServer {
  const { allowInsecureHttp = false, proxies = 0 } = options
  try {
    const site = userSite({ ...users, explainMismatch })
    return createAuthorizationServer({ ...settings, site, allowInsecureHttp, guessLimits: { proxies } })
  } catch (error) {
    throw explainSettings(error, options)
  }
}

/** Forms and cookies are valid at each server with the same key file, and after a restart. */
function secretFrom(keys: SigningKeys): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', JSON.stringify(keys), '', 'latchkey server: forms and cookies', 32))
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
  const report = riskReporter(options, output)
  const reload = async (): Promise<void> => {
    try {
      current = await load(issuer)
      if (!options.quiet) output.print('Settings reloaded.')
      await report({ ...current, isLoopback: isLoopback(http) })
    } catch (error) {
      output.error(`Settings not reloaded: ${error instanceof Error ? error.message : 'unknown error'}`)
    }
  }
  const files = [options.config, options.users, options.clients].filter((file) => file !== undefined)
  const stopWatching = watchFiles(files, () => void reload())
  output.print(issuer)
  await report({ ...current, isLoopback: isLoopback(http) })
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
    const fail = (cause: NodeJS.ErrnoException): void => {
      const isTaken = cause.code === 'EADDRINUSE'
      const hint = isTaken
        ? 'Another program listens there: use another --port, or 0 for a free one.'
        : 'Check --host and --port.'
      reject(new TypeError(`--port: cannot listen on ${host}, port ${port} (${cause.code}). ${hint}`, { cause }))
    }
    http.once('error', fail)
    http.listen(port, host, () => {
      http.off('error', fail)
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
