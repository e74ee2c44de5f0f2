import { createConnection, createServer, type Socket } from 'node:net'
import { freePort } from './real-server.fixture.js'

/** A port that accepts connections. */
export interface SilentServer {
  readonly port: number
  /** The connections that a client has not closed. */
  readonly open: ReadonlySet<Socket>
  /** From now on, nothing is passed on in either direction. */
  stall(): void
  stop(): void
}

/** Starts a server that never responds, or that passes everything on to the port of another until it stalls. */
export async function startSilentServer(target?: number): Promise<SilentServer> {
  const open = new Set<Socket>()
  const others = new Set<Socket>()
  let isSilent = target === undefined
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined).on('close', () => void open.delete(socket))
    socket.resume()
    if (target === undefined) return
    const other = createConnection(target, '127.0.0.1').on('error', () => undefined)
    others.add(other)
    socket.on('data', (data) => void (isSilent || other.write(data)))
    other.on('data', (data) => void (isSilent || socket.write(data))).on('close', () => void (isSilent || socket.destroy()))
    socket.on('end', () => void (isSilent || other.end()))
  })
  const port = await freePort()
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    open,
    stall: () => void (isSilent = true),
    stop() {
      for (const socket of [...open, ...others]) socket.destroy()
      server.close()
    },
  }
}
