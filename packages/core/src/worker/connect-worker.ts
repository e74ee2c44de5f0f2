import { createError } from '../errors/create-error.js'
import type { ConfigurationError, NetworkError } from '../errors/errors.js'
import { type Handlers, RpcPort } from './rpc-port.js'
import type { ConnectMessage, PageApi, WorkerApi } from './worker-api.js'

/** The part of a `Worker` that the client uses. */
export interface ClientWorker {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'error', listener: (event: Event) => void): void
}

/** @param key identifies the client in the worker */
export function connectWorker(
  worker: ClientWorker,
  key: string,
  timeoutMs: number,
  handlers: Handlers<PageApi>,
): RpcPort<WorkerApi> {
  const { port1, port2 } = new MessageChannel()
  const rpc = new RpcPort<WorkerApi>(port1, handlers)
  const timer = setTimeout(() => rpc.fail(noResponse(timeoutMs)), timeoutMs)
  let isConnected = false
  const onFirstMessage = (): void => {
    isConnected = true
    clearTimeout(timer)
  }
  port1.addEventListener('message', onFirstMessage, { once: true })
  // Once the worker runs, an error is the app's own. Before that, its file could not be loaded.
  worker.addEventListener('error', () => isConnected || rpc.fail(notLoaded()))
  worker.postMessage({ type: 'latchkey/connect', key } satisfies ConnectMessage, [port2])
  return rpc
}

function notLoaded(): NetworkError {
  return createError('module_load_failed', 'The worker could not be started.', {
    hint: 'Check that its file is served, that "worker-src" of the Content Security Policy allows it, and that it is a module worker.',
    retryable: true,
  })
}

function noResponse(timeoutMs: number): ConfigurationError {
  return createError('configuration', `The worker did not respond within ${timeoutMs / 1000} s.`, {
    hint: 'Its file must call serveClient() with the same issuer, clientId and name as workerClient().',
  })
}
