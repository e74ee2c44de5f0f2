import type { Duplex } from 'node:stream'

/** The connections of a store, which close even if the server does not respond. */
export interface OpenSockets {
  /** Notes a connection until it closes, and returns it. */
  add<Socket extends Duplex>(socket: Socket): Socket
  /** Closes all of them at once. */
  destroy(): void
}

/** Creates an empty set of connections. */
export function openSockets(): OpenSockets {
  const sockets = new Set<Duplex>()
  return {
    add(socket) {
      sockets.add(socket)
      socket.once('close', () => void sockets.delete(socket))
      return socket
    },
    destroy() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Closes a pool in time. One of this store's own leaves no connection; a host's pool that does not end rejects. */
export async function endPool(ending: Promise<void>, sockets: OpenSockets | undefined): Promise<void> {
  try {
    await ending
  } catch (error) {
    if (!sockets) throw error
  } finally {
    sockets?.destroy()
  }
}
