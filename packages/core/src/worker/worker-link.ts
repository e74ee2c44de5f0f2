import { createError } from '../errors/create-error.js'
import type { ConfigurationError, NetworkError, OAuthClientError } from '../errors/errors.js'
import type { CallName, ConnectMessage, PageMessage, TripRequest, WorkerCalls, WorkerMessage } from './messages.js'
import { fromTransferableError, toTransferableError } from './transferable-error.js'

/** The part of a `Worker` that is used. */
export interface ClientWorker {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'error', listener: (event: Event) => void): void
}

type Arguments<Name extends CallName> = Parameters<WorkerCalls[Name]>
type Result<Name extends CallName> = ReturnType<WorkerCalls[Name]>

/** What a call needs beside its arguments. */
export interface CallExtras {
  readonly signal?: AbortSignal | undefined
  readonly transfer?: Transferable[]
  /** Makes the trip the worker asks for. */
  readonly travel?: (request: TripRequest) => Promise<URL | undefined>
}

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (cause: unknown) => void
  readonly travel: CallExtras['travel']
  /** Nothing more comes: the caller's signal is listened to no longer. */
  readonly end: () => void
}

/** The page's end of the wire: questions with answers, and what the worker tells of itself. */
export class WorkerLink {
  #isHeard = false
  #failure: OAuthClientError | undefined
  #lastId = 0
  readonly #pending = new Map<number, Pending>()
  readonly #port: MessagePort

  /** @param tell gets every message that is no answer */
  constructor(
    worker: ClientWorker,
    { key, patienceMs }: { readonly key: string; readonly patienceMs: number },
    tell: (message: Extract<WorkerMessage, { readonly type: 'state' | 'event' }>) => void,
  ) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const giveUp = setTimeout(() => this.#fail(noAnswer(patienceMs)), patienceMs)
    port1.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      clearTimeout(giveUp)
      this.#isHeard = true
      this.#failure = undefined
      if (data.type === 'state' || data.type === 'event') tell(data)
      else this.#receive(data)
    })
    port1.start()
    // An error in code that runs already is the app's own; before, the file itself is what failed.
    worker.addEventListener('error', () => this.#isHeard || this.#fail(notLoaded()))
    worker.postMessage({ type: 'latchkey/connect', key } satisfies ConnectMessage, [port2])
  }

  call<Name extends CallName>(name: Name, args: Arguments<Name>, extras: CallExtras = {}): Promise<Result<Name>> {
    const { signal, travel, transfer = [] } = extras
    if (this.#failure) return Promise.reject(this.#failure)
    const id = (this.#lastId += 1)
    const ended = new AbortController()
    return new Promise<Result<Name>>((resolve, reject) => {
      signal?.throwIfAborted()
      this.#send({ type: 'call', id, name, args }, transfer)
      this.#pending.set(id, { resolve, reject, travel, end: () => ended.abort() })
      const abort = (): void => {
        this.#send({ type: 'abort', id })
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', abort, { signal: ended.signal })
    })
  }

  #send(message: PageMessage, transfer: Transferable[] = []): void {
    try {
      this.#port.postMessage(message, transfer)
    } catch (cause) {
      throw createError('configuration', 'what was passed cannot be sent to the worker', {
        hint: 'Pass plain data: functions, elements and class instances do not get there.',
        cause,
      })
    }
  }

  #receive(message: Exclude<WorkerMessage, { readonly type: 'state' | 'event' }>): void {
    const pending = this.#pending.get(message.id)
    switch (message.type) {
      case 'result':
        pending?.resolve(message.value as never)
        break
      case 'failure':
        pending?.reject(fromTransferableError(message.error))
        break
      case 'navigate':
        if (pending) void this.#travel(message.id, pending, message.request)
        break
      case 'done':
        pending?.end()
        this.#pending.delete(message.id)
        break
    }
  }

  async #travel(id: number, { travel }: Pending, request: TripRequest): Promise<void> {
    try {
      this.#send({ type: 'arrived', id, url: (await travel?.(request))?.href })
    } catch (cause) {
      this.#send({ type: 'strayed', id, error: toTransferableError(cause) })
    }
  }

  #fail(failure: OAuthClientError): void {
    this.#failure = failure
    for (const { reject, end } of this.#pending.values()) {
      reject(failure)
      end()
    }
    this.#pending.clear()
  }
}

function notLoaded(): NetworkError {
  return createError('module_load_failed', 'the worker could not be started', {
    hint: 'Check that its file is served, that "worker-src" of the Content Security Policy allows it, and that it is a module worker.',
    retryable: true,
  })
}

function noAnswer(patienceMs: number): ConfigurationError {
  return createError('configuration', `the worker did not answer within ${patienceMs / 1000} s`, {
    hint: 'Its file must call serveClient() with the same issuer, clientId and name as workerClient().',
  })
}
