import { createError } from '../errors/create-error.js'
import { type Handlers, RpcPort } from './rpc-port.js'
import type { ConnectMessage, PageApi, WorkerApi } from './worker-api.js'

/** The part of a `Worker` that the client uses. */
export interface ClientWorker {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'error', listener: (event: Event) => void): void
}

/** Connects to the client that has this key in the worker. */
export function connectWorker(
  worker: ClientWorker,
  { key, timeoutMs }: { readonly key: string; readonly timeoutMs: number },
  handlers: Handlers<PageApi>,
): RpcPort<WorkerApi> {
  const { port1, port2 } = new MessageChannel()
  const rpc = new RpcPort<WorkerApi>(port1, handlers)
  let isConnected = false
  const onTimeout = (): void => {
    const hint = 'Its file must call serveClient() with the same issuer, clientId and name as workerClient().'
    rpc.fail(createError('configuration', `The worker did not respond within ${timeoutMs / 1000} s.`, { hint }))
  }
  const onError = (): void => {
    // Once the worker has responded, an error is not about its file.
    if (isConnected) return
    const hint = 'Check that its file is served as a module, and that "worker-src" of the Content Security Policy allows it.'
    rpc.fail(createError('module_load_failed', 'The worker could not be started.', { hint, retryable: true }))
  }
  const timer = setTimeout(onTimeout, timeoutMs)
  const onResponse = (): void => {
    isConnected = true
    clearTimeout(timer)
  }
  port1.addEventListener('message', onResponse, { once: true })
  worker.addEventListener('error', onError)
  worker.postMessage({ type: 'latchkey/connect', key } satisfies ConnectMessage, [port2])
  return rpc
}
