import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { abortError, refuseAborted } from '../platform/abort.js'
import { deserializeError, type SerializedError, serializeError } from './serialized-error.js'

/** The functions of one thread that the other may call, each with one argument of plain data. */
type Functions<Api> = { readonly [Name in keyof Api]: (input: never) => unknown }
type Input<Api extends Functions<Api>, Name extends keyof Api> = Parameters<Api[Name]>[0]

/** Implements these functions. The signal aborts with the caller's. */
export type Handlers<Api extends Functions<Api>> = {
  readonly [Name in keyof Api]: (input: Input<Api, Name>, signal: AbortSignal) => Awaitable<ReturnType<Api[Name]>>
}

type Awaitable<T> = T | Promise<T>
type Message =
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
  readonly #port: MessagePort
  readonly #handlers: ReadonlyMap<string, (input: unknown, signal: AbortSignal) => unknown>
  /** Calls of this thread. */
  readonly #pending = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (cause: unknown) => void }>()
  /** Calls of the other thread. */
  readonly #aborts = new Map<number, AbortController>()

  constructor(port: MessagePort, handlers: object) {
    this.#port = port
    this.#handlers = new Map(Object.entries(handlers))
    port.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#receive(data))
    port.start()
  }

  /** @throws ConfigurationError if the input cannot be cloned; InteractionError `aborted`; what the function throws */
  async call<Name extends keyof Remote & string>(
    name: Name,
    input: Input<Remote, Name>,
    signal?: AbortSignal,
  ): Promise<ReturnType<Remote[Name]>> {
    refuseAborted(signal)
    if (this.#failure) throw this.#failure
    const id = (this.#lastId += 1)
    const settled = new AbortController()
    try {
      this.#send({ type: 'call', id, name, input }, input)
      return await new Promise<ReturnType<Remote[Name]>>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject })
        signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: settled.signal })
      })
    } finally {
      if (signal?.aborted) this.#send({ type: 'abort', id })
      settled.abort()
      this.#pending.delete(id)
    }
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
    if (message.type === 'call') void this.#serve(message)
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
