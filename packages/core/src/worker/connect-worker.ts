import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { startTimer } from '../platform/timer.js'
import { type Handlers, RpcPort } from './rpc-port.js'
import { connectMessage, type PageApi, type WorkerApi } from './worker-api.js'

const WATCHES_PER_TIMEOUT = 6

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
  const lost = (): OAuthClientError => {
    const hint = 'The browser may have ended it, for lack of memory or because terminate() was called. Reload the page.'
    return createError('timeout', `The worker has not responded for ${timeoutMs / 1000} s.`, { hint, retryable: false })
  }
  const rpc = new RpcPort<WorkerApi>(port1, handlers, { intervalMs: timeoutMs / WATCHES_PER_TIMEOUT, lost })
  let isConnected = false
  port1.addEventListener('message', () => (isConnected = true), { once: true })
  startTimer(() => {
    const hint = 'Its file must call serveClient() with the same issuer, clientId and name as workerClient().'
    if (!isConnected) rpc.fail(createError('configuration', `The worker did not respond within ${timeoutMs / 1000} s.`, { hint }))
  }, timeoutMs)
  worker.addEventListener('error', () => {
    // After the first message, an error is not about the worker's file.
    const hint = 'Check that its file is served as a module, and that "worker-src" of the Content Security Policy allows it.'
    if (!isConnected) rpc.fail(createError('module_load_failed', 'The worker could not be started.', { hint, retryable: true }))
  })
  worker.postMessage(connectMessage(key), [port2])
  return rpc
}
