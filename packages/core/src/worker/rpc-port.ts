import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { abortError, refuseAborted } from '../platform/abort.js'
import { startInterval } from '../platform/interval.js'
import { deserializeError, type SerializedError, serializeError } from './serialized-error.js'

/** The functions of one thread that the other may call, each with one argument of plain data. */
type Functions<Api> = { readonly [Name in keyof Api]: (input: never) => unknown }
type Input<Api extends Functions<Api>, Name extends keyof Api> = Parameters<Api[Name]>[0]

/** Implements these functions. The signal aborts with the caller's. */
export type Handlers<Api extends Functions<Api>> = {
  readonly [Name in keyof Api]: (input: Input<Api, Name>, signal: AbortSignal) => Awaitable<ReturnType<Api[Name]>>
}

/** How a thread finds out that the other one has ended: a worker that was terminated, or that ran out of memory, raises no event. */
export interface Watch {
  /** Milliseconds between two messages to the other thread while a call waits for it. */
  readonly intervalMs: number
  /** @returns what calls reject with if several of these messages in a row got no response */
  readonly lost: () => OAuthClientError
}

/** Counted, not timed: a page that was asleep has not waited. */
const MAX_UNANSWERED = 6

type Awaitable<T> = T | Promise<T>
type Message =
  | { readonly type: 'ping' }
  | { readonly type: 'pong' }
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: SerializedError }

/**
 * Calls functions of the other thread over a `MessagePort`, and serves its calls.
 *
 * `comlink` does not fit. Its caller may name any property path: a script in the page could construct a `Function` in the worker and
 * read the tokens. It also sends no `AbortSignal`, and a call to a worker that does not respond never settles.
 */
export class RpcPort<Remote extends Functions<Remote>> {
  #lastId = 0
  #failure: OAuthClientError | undefined
  #isConnected = false
  #unanswered = 0
  #watching: ReturnType<typeof startInterval> | undefined
  readonly #watch: Watch | undefined
  readonly #port: MessagePort
  readonly #handlers: ReadonlyMap<string, (input: unknown, signal: AbortSignal) => unknown>
  /** Calls of this thread. */
  readonly #pending = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (cause: unknown) => void }>()
  /** Calls of the other thread. */
  readonly #aborts = new Map<number, AbortController>()

  constructor(port: MessagePort, handlers: object, watch?: Watch) {
    this.#port = port
    this.#watch = watch
    this.#handlers = new Map(Object.entries(handlers))
    port.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#receive(data))
    port.addEventListener('messageerror', () =>
      this.fail(createError('unexpected', 'A message of the worker could not be read.')),
    )
    port.start()
  }

  /**
   * @throws ConfigurationError if the input cannot be cloned; InteractionError `aborted`; what the function throws; what `Watch.lost` returns
   */
  async call<Name extends keyof Remote & string>(
    name: Name,
    input: Input<Remote, Name>,
    signal?: AbortSignal,
  ): Promise<ReturnType<Remote[Name]>> {
    refuseAborted(signal)
    const settled = new AbortController()
    const id = this.#lastId + 1
    try {
      return await this.#wait<ReturnType<Remote[Name]>>((_resolve, reject) => {
        this.#send({ type: 'call', id, name, input }, input)
        signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: settled.signal })
      })
    } finally {
      if (signal?.aborted) this.#send({ type: 'abort', id })
      settled.abort()
    }
  }

  /** Rejects if the other thread has ended before the work is done, such as a read of a stream that it sends. */
  whileAlive<T>(work: Promise<T>): Promise<T> {
    return this.#wait<T>((resolve, reject) => void work.then(resolve, reject))
  }

  async #wait<T>(begin: (resolve: (value: T) => void, reject: (cause: unknown) => void) => void): Promise<T> {
    if (this.#failure) {
      // A response shows that the other thread was only busy.
      this.#send({ type: 'ping' })
      throw this.#failure
    }
    const id = (this.#lastId += 1)
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject })
        this.#startWatching()
        begin(resolve, reject)
      })
    } finally {
      this.#pending.delete(id)
    }
  }

  #startWatching(): void {
    const watch = this.#watch
    if (!watch || this.#watching !== undefined) return
    this.#unanswered = 0
    this.#watching = startInterval(() => {
      if (this.#pending.size === 0) {
        clearInterval(this.#watching)
        this.#watching = undefined
      } else if (this.#isConnected) {
        if (this.#unanswered >= MAX_UNANSWERED) this.fail(watch.lost())
        this.#unanswered += 1
        this.#send({ type: 'ping' })
      }
    }, watch.intervalMs)
  }

  /** Calls a function whose result is not needed. */
  notify<Name extends keyof Remote & string>(name: Name, input: Input<Remote, Name>): void {
    this.#send({ type: 'call', id: 0, name, input })
  }

  /** Rejects all calls until the other thread sends a message. */
  fail(failure: OAuthClientError): void {
    this.#failure = failure
    for (const { reject } of this.#pending.values()) reject(failure)
  }

  #receive(message: Message): void {
    this.#failure = undefined
    this.#isConnected = true
    this.#unanswered = 0
    if (message.type === 'pong') return
    if (message.type === 'ping') this.#send({ type: 'pong' })
    else if (message.type === 'call') void this.#serve(message)
    else if (message.type === 'abort') this.#aborts.get(message.id)?.abort()
    else if (message.type === 'result') this.#pending.get(message.id)?.resolve(message.value as never)
    else this.#pending.get(message.id)?.reject(deserializeError(message.error))
  }

  async #serve({ id, name, input }: Extract<Message, { readonly type: 'call' }>): Promise<void> {
    const controller = new AbortController()
    this.#aborts.set(id, controller)
    try {
      const value = await this.#handlers.get(name)?.(input, controller.signal)
      this.#send({ type: 'result', id, value }, value)
    } catch (cause) {
      this.#send({ type: 'failure', id, error: serializeError(cause) })
    } finally {
      this.#aborts.delete(id)
    }
  }

  #send(message: Message, payload?: unknown): void {
    // A stream can only be moved to the other thread, and a buffer need not be copied.
    const members: unknown[] = Object.values(payload ?? {})
    const transfer = members.filter((member) => member instanceof ReadableStream || member instanceof ArrayBuffer)
    try {
      this.#port.postMessage(message, transfer)
    } catch (cause) {
      const hint = 'Pass plain data. Functions, elements and class instances cannot be cloned.'
      throw createError('configuration', 'The arguments cannot be sent to the worker.', { hint, cause })
    }
  }
}
