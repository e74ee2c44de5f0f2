import { abortError } from '../platform/abort.js'
import type { CallName, PageMessage, TripRequest, WorkerCalls, WorkerMessage } from './messages.js'
import { fromTransferableError, toTransferableError } from './transferable-error.js'

/** What an answer to a call can lean on. */
export interface CallContext {
  readonly signal: AbortSignal
  /** Sends the page on a trip. @returns the URL it came back with */
  readonly travel: (request: TripRequest) => Promise<string | undefined>
}

export interface Answer<Value> {
  readonly value: Value
  readonly transfer?: Transferable[]
  /** The call can still be aborted until this is settled: the rest of the answer is on its way. Never rejects. */
  readonly rest?: Promise<void>
}

/** The worker's side of each call. */
export type Answers = {
  readonly [Name in CallName]: (
    args: Parameters<WorkerCalls[Name]>,
    context: CallContext,
  ) => Promise<Answer<ReturnType<WorkerCalls[Name]>>>
}

interface Trip {
  readonly resolve: (url: string | undefined) => void
  readonly reject: (cause: unknown) => void
}

/** The worker's end of the wire to one page. */
export class Connection {
  readonly #aborts = new Map<number, AbortController>()
  readonly #trips = new Map<number, Trip>()
  readonly #port: MessagePort
  readonly #answers: Answers

  constructor(port: MessagePort, answers: Answers) {
    this.#port = port
    this.#answers = answers
    port.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => this.#receive(data))
    port.start()
  }

  send(message: WorkerMessage, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer)
  }

  #receive(message: PageMessage): void {
    switch (message.type) {
      case 'call':
        void this.#answer(message)
        break
      case 'abort':
        this.#aborts.get(message.id)?.abort()
        break
      case 'arrived':
        this.#trips.get(message.id)?.resolve(message.url)
        break
      case 'strayed':
        this.#trips.get(message.id)?.reject(fromTransferableError(message.error))
        break
    }
  }

  async #answer({ id, name, args }: Extract<PageMessage, { readonly type: 'call' }>): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    this.#aborts.set(id, controller)
    const context = { signal, travel: (request: TripRequest) => this.#travel(id, request, signal) }
    try {
      const answer = this.#answers[name] as (given: readonly unknown[], context: CallContext) => Promise<Answer<unknown>>
      const { value, transfer = [], rest } = await answer(args, context)
      this.send({ type: 'result', id, value }, transfer)
      await rest
    } catch (cause) {
      this.send({ type: 'failure', id, error: toTransferableError(cause) })
    } finally {
      this.#aborts.delete(id)
      this.send({ type: 'done', id })
    }
  }

  #travel(id: number, request: TripRequest, signal: AbortSignal): Promise<string | undefined> {
    return new Promise<string | undefined>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(abortError(signal)))
      this.#trips.set(id, { resolve, reject })
      this.send({ type: 'navigate', id, request })
    }).finally(() => this.#trips.delete(id))
  }
}
