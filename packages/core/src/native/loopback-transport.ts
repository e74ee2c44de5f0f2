/// <reference lib="esnext.disposable" preserve="true" />
import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { NetworkError } from '../errors/errors.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { Transport } from '../sign-in/transports/transport.js'
import { type ExternalBrowser, externalBrowserTransport, type NativeTransportOptions } from './external-browser-transport.js'

/** The part of a `node:http` server that the transport uses. */
interface HttpServer {
  listen(port: number, host: string, ready: () => void): unknown
  once(event: 'error', listener: (error: Error) => void): unknown
  address(): string | { readonly port: number } | null
  close(closed: () => void): unknown
  closeAllConnections(): void
}

interface HttpRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

interface HttpResponse {
  writeHead(status: number, headers: Record<string, string>): unknown
  end(body?: string): unknown
}

/** What `openLoopback` needs from the process. */
export interface LoopbackHost extends NativeTransportOptions {
  /** `createServer` of `node:http`. */
  readonly createServer: (listener: (request: HttpRequest, response: HttpResponse) => void) => HttpServer
  /** Opens the URL in the user's browser: Electron's `shell.openExternal`, or the operating system's command. */
  readonly open: (url: string) => void | Promise<void>
  /** HTML that the user sees after the sign-in. */
  readonly page?: string | undefined
}

/** A server that listens on 127.0.0.1 until it is closed. */
export interface Loopback extends AsyncDisposable {
  /** Includes the port that the operating system assigned; an authorization server allows any port for a native client. */
  readonly redirectUri: string
  /** Pass it to `login` together with `redirectUri`. */
  readonly transport: Transport
  /** Closes the server and its connections. */
  close(): Promise<void>
}

const OPTIONS: OptionNames<LoopbackHost> = {
  createServer: 'function',
  open: 'function',
  page: 'string',
  timeoutSeconds: 'number',
}

const PATH = '/callback'
// Removes the code from the address bar and from the browser's history.
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title>
<script>history.replaceState(null, '', '/')</script>
<p>You can close this window and go back to the app.</p></html>`

/**
 * Opens a server on 127.0.0.1 that receives the authorization response, for desktop apps and command-line tools. Register the client
 * as a native client with the redirect URI `http://127.0.0.1/callback`. The response mode must be `query`: a browser does not send
 * fragments to a server.
 *
 * @throws NetworkError `network` if no port can be opened
 * @example
 * await using loopback = await openLoopback({ createServer, open: (url) => shell.openExternal(url) })
 * await client.login({ transport: loopback.transport, redirectUri: loopback.redirectUri })
 * @see RFC 8252, sections 7.3 and 8.3
 */
export async function openLoopback(host: LoopbackHost): Promise<Loopback> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('openLoopback()', host, OPTIONS, 'required')
  requireKind('openLoopback()', 'object', host)
  const { createServer, open, page = PAGE, ...options } = host
  refuseMissingFunctions({ createServer, open })
  const listeners = new Set<(url: string) => boolean>()
  let port = 0
  const server = startServer(createServer, ({ method, url = '' }, response) => {
    const isResponse = method === 'GET' && [...listeners].some((listener) => listener(`http://127.0.0.1:${port}${url}`))
    response.writeHead(isResponse ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    response.end(isResponse ? page : '')
  })
  port = await listen(server)
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const onUrl: ExternalBrowser['onUrl'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const transport = externalBrowserTransport('loopback', { open, onUrl }, options)
  return { redirectUri: `http://127.0.0.1:${port}${PATH}`, transport, close, [Symbol.asyncDispose]: close }
}

/** @throws NetworkError */
function startServer(
  createServer: LoopbackHost['createServer'],
  listener: Parameters<LoopbackHost['createServer']>[0],
): HttpServer {
  try {
    return createServer(listener)
  } catch (cause) {
    throw noPort(cause)
  }
}

function refuseMissingFunctions(functions: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(functions).find((name) => typeof functions[name] !== 'function')
  if (missing === undefined) return
  throw createError('configuration', `openLoopback() needs the function "${missing}".`, {
    hint: 'Pass "createServer" of node:http, and "open", which opens a URL in the browser.',
  })
}

/** @returns the port that the operating system assigned */
function listen(server: HttpServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(noPort(cause)))
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address) resolve(address.port)
      else reject(noPort(undefined))
    })
  })
}

function noPort(cause: unknown): NetworkError {
  return createError('network', 'No port on 127.0.0.1 could be opened for the authorization response.', {
    hint: 'Check whether a firewall or a sandbox blocks servers on 127.0.0.1.',
    retryable: true,
    cause,
  })
}
