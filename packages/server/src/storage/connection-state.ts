import { setMaxListeners } from 'node:events'

/** Milliseconds that a lost connection may take to return, while operations wait for it. */
const GRACE_MS = 1000

/** The part of a client that says how its connection is. */
export interface WatchedClient {
  readonly isReady?: boolean
  on(event: 'error', listener: (error: unknown) => void): unknown
  on(event: 'ready', listener: () => void): unknown
}

/** Knows whether a connection is lost. */
export interface ConnectionState {
  /** Aborts once the connection is lost. After it has returned, there is a new signal for the next loss. */
  lossSignal(): AbortSignal
  /** Returns the result of the work; rejects as soon as the connection is lost, at once if it is already. */
  untilLost<Value>(work: Promise<Value>): Promise<Value>
  /** Called when a connection is opened that was given up before: it may take its time again. */
  restart(): void
}

/**
 * Watches the connection of a client that connects again by itself. A short interruption is waited out. After it, all that waits would only
 * fill the memory and delay the response of every request, so it fails, until the connection is back.
 *
 * @param name of the server, in messages
 * @param timeout milliseconds that operations wait at most
 */
export function watchConnection(client: WatchedClient, { name, timeout }: { name: string; timeout: number }): ConnectionState {
  let loss = createLoss()
  let timer: NodeJS.Timeout | undefined
  let cause: unknown
  const markLost = (): void => {
    timer = undefined
    // Not every error ends the connection.
    if (client.isReady !== true) loss.abort(new Error(`${name} is not reachable`, { cause }))
  }
  client.on('error', (error) => {
    cause = error
    if (loss.signal.aborted) return
    timer ??= setTimeout(markLost, Math.min(timeout, GRACE_MS))
    timer.unref?.()
  })
  const restart = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (loss.signal.aborted) loss = createLoss()
  }
  client.on('ready', restart)
  return { lossSignal: () => loss.signal, untilLost: (work) => untilAborted(work, loss.signal), restart }
}

/** All operations that wait listen to one signal: Node would warn of more than ten. */
function createLoss(): AbortController {
  const loss = new AbortController()
  setMaxListeners(0, loss.signal)
  return loss
}

function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
