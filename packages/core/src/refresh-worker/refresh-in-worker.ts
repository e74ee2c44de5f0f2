import { refuseOtherKind } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type Timer, startTimer } from '../platform/timer.js'
import type { RefreshMessage, RefreshReply, RefreshResponse, WorkerMessage } from './refresh-message.js'

/** The part of a `SharedWorker` that is used. */
export interface RefreshWorker {
  readonly port: MessagePort
  addEventListener(type: 'error', listener: () => void): void
}

/** A worker that does not start in this time is not used. */
const START_MS = 2000

/**
 * Returns a `fetch` for the client option of that name: refresh requests go through a shared worker, all others directly. A page that
 * reloads in the middle of a refresh loses the response, and with it the session where the server rotates refresh tokens without a grace
 * period. The worker outlives the page in Chromium with `extendedLifetime`, and in every browser while another tab of the app is open.
 *
 * @param worker a shared worker whose file calls `serveRefreshes`; undefined where the browser has none: then every request is direct
 * @param direct sends all other requests. Default: the global `fetch`
 * @example
 * import { createOAuthClient } from '@latchkey/core'
 * import { refreshInWorker } from '@latchkey/core/refresh-worker'
 * const worker = new SharedWorker(new URL('./refresh.worker.ts', import.meta.url), { type: 'module', extendedLifetime: true } as WorkerOptions)
 * const client = createOAuthClient({ issuer: 'https://id.example.com', clientId: 'spa', fetch: refreshInWorker(worker) })
 */
export function refreshInWorker(
  worker: RefreshWorker | undefined,
  direct: typeof fetch = (input, init) => fetch(input, init),
): typeof fetch {
  if (IS_DEVELOPMENT && worker) refuseOtherKind('refreshInWorker()', 'worker', [worker.port, 'object', 'required'])
  if (IS_DEVELOPMENT) refuseOtherKind('refreshInWorker()', 'direct', [direct, 'function'])
  // In production nothing checks it: every request is direct then.
  const connection = worker?.port && connect(worker)
  return async (input, init) => {
    const request = connection && new Request(input, init)
    const message = request && (await refreshMessage(request))
    if (!message || !(await connection?.isReady)) return direct(request ?? input, request ? undefined : init)
    const reply = await connection.call(message, request.signal)
    if (!reply.response) throw new TypeError('the request failed in the shared worker')
    return toResponse(reply.response)
  }
}

interface Connection {
  readonly isReady: Promise<boolean>
  readonly call: (message: RefreshMessage, signal: AbortSignal) => Promise<RefreshReply>
}

function connect(worker: RefreshWorker): Connection {
  const waiting = new Map<string, (reply: RefreshReply) => void>()
  let timer: Timer | undefined
  const isReady = new Promise<boolean>((resolve) => {
    timer = startTimer(() => resolve(false), START_MS)
    worker.addEventListener('error', () => resolve(false))
    worker.port.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      if (data === 'ready') return resolve(true)
      waiting.get(data.id)?.(data)
      waiting.delete(data.id)
    })
  })
  void isReady.then(() => clearTimeout(timer))
  worker.port.start()
  return {
    isReady,
    // The page stops waiting when its signal aborts; the request continues.
    call: (message, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        waiting.set(message.id, resolve)
        worker.port.postMessage(message)
      }),
  }
}

/** @returns undefined for a request that is not a refresh (RFC 6749, section 6) */
async function refreshMessage(request: Request): Promise<RefreshMessage | undefined> {
  if (request.method !== 'POST' || !request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded'))
    return undefined
  const body = await request.clone().text()
  if (new URLSearchParams(body).get('grant_type') !== 'refresh_token') return undefined
  return { id: crypto.randomUUID(), url: request.url, headers: [...request.headers], body }
}

function toResponse({ type, status, headers, body }: RefreshResponse): Response {
  const init = { status, headers: headers.map(([name, value]) => [name, value] as [string, string]) }
  // An opaque redirect has the status 0, which the constructor refuses.
  const response = status === 0 ? Response.error() : new Response(body === '' ? null : body, init)
  return Object.defineProperty(response, 'type', { value: type })
}
