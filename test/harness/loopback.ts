// A server on a free port of the loopback interface.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'

export interface Loopback {
  readonly port: number
  /** Replaces the handler. The port must be known before the parts that name it can be created. */
  serve(listener: RequestListener): void
  close(): Promise<void>
}

export async function listen(): Promise<Loopback> {
  let current: RequestListener = (_request: IncomingMessage, response: ServerResponse) => response.writeHead(503).end()
  const server = createServer((request, response) => current(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the loopback server has no port')
  return {
    port: address.port,
    serve: (listener) => (current = listener),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
    },
  }
}
