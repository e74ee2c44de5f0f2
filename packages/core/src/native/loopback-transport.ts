import { NetworkError } from '../errors/errors.js'
import type { Transport } from '../sign-in/transports/transport.js'
import { externalBrowserTransport } from './external-browser-transport.js'

/** What a `node:http` server is asked for. */
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

export interface LoopbackHost {
  /** That of `node:http`. */
  readonly createServer: (listener: (request: HttpRequest, response: HttpResponse) => void) => HttpServer
  /** Opens the address in the person's browser: Electron's `shell.openExternal`, or the command of the system. */
  readonly open: (url: string) => void | Promise<void>
  /** HTML that the person sees when they are back. */
  readonly page?: string
}

/** Listens on this machine alone, until it is closed. */
export interface Loopback extends AsyncDisposable {
  /** With the port that the system gave: the server takes any port for a native client. */
  readonly redirectUri: string
  readonly transport: Transport
  close(): Promise<void>
}

const PATH = '/callback'
// The code leaves the address bar and the history of the person's browser.
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title>
<script>history.replaceState(null, '', '/')</script>
<p>You can close this window and go back to the app.</p></html>`

/**
 * For desktop apps and command-line tools: a server on 127.0.0.1 takes the answer. Register `http://127.0.0.1/callback` for the
 * client, as a native one. The answer has to come in the query: fragments do not reach a server.
 *
 * @throws NetworkError network when no port could be had
 * @example
 * await using loopback = await openLoopback({ createServer, open: (url) => shell.openExternal(url) })
 * await client.login({ transport: loopback.transport, redirectUri: loopback.redirectUri })
 * @see RFC 8252, sections 7.3 and 8.3
 */
export async function openLoopback({ createServer, open, page = PAGE }: LoopbackHost): Promise<Loopback> {
  const listeners = new Set<(url: string) => boolean>()
  let port = 0
  const server = createServer(({ method, url = '' }, response) => {
    const isAnswer = method === 'GET' && [...listeners].some((listener) => listener(`http://127.0.0.1:${port}${url}`))
    response.writeHead(isAnswer ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    response.end(isAnswer ? page : '')
  })
  port = await listen(server)
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const transport = externalBrowserTransport('loopback', {
    open,
    onUrl(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
  return { redirectUri: `http://127.0.0.1:${port}${PATH}`, transport, close, [Symbol.asyncDispose]: close }
}

/** @returns the port that the system gave */
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
  return new NetworkError('network', 'no port of this machine could be opened for the answer', {
    hint: 'Something forbids servers on 127.0.0.1: a firewall, or a sandbox.',
    retryable: true,
    cause,
  })
}
