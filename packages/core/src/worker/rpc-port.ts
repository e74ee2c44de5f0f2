import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { deserializeError, type SerializedError, serializeError } from './serialized-error.js'

/** Functions of one thread that the other thread may call: each with one argument of plain data. */
type Functions<Names> = { readonly [Name in keyof Names]: (input: never) => unknown }

/** How these functions are implemented. `signal` aborts with the caller's. */
export type Handlers<Api extends Functions<Api>> = {
  readonly [Name in keyof Api]: (
    input: Parameters<Api[Name]>[0],
    signal: AbortSignal,
  ) => ReturnType<Api[Name]> | Promise<ReturnType<Api[Name]>>
}

type Message =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: SerializedError }

interface PendingCall {
  readonly resolve: (value: never) => void
  readonly reject: (cause: unknown) => void
}

/**
 * Calls the functions of another thread over a `MessagePort`, and serves this thread's own.
 *
 * `comlink` does not fit: the caller may name any property path, so that a script of the page could call `Function` in the worker
 * and read its tokens. It has no `AbortSignal`, and a call to a worker that is gone never ends.
 */
export class RpcPort<Remote extends Functions<Remote>> {
  #lastId = 0
  #failure: OAuthClientError | undefined
  readonly #port: MessagePort
  readonly #handlers: ReadonlyMap<string, (input: never, signal: AbortSignal) => unknown>
  readonly #pending = new Map<number, PendingCall>()
  readonly #aborts = new Map<number, AbortController>()

  constructor(port: MessagePort, handlers: object) {
    this.#port = port
    this.#handlers = new Map(Object.entries(handlers))
    port.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#receive(data))
    port.start()
  }

  /** @throws ConfigurationError `configuration` if the input cannot be cloned; what the function throws */
  call<Name extends keyof Remote & string>(
    name: Name,
    input: Parameters<Remote[Name]>[0],
    signal?: AbortSignal,
  ): Promise<ReturnType<Remote[Name]>> {
    const id = (this.#lastId += 1)
    const abort = (): void => {
      this.#send({ type: 'abort', id })
      this.#pending.get(id)?.reject(signal?.reason)
    }
    const result = new Promise<ReturnType<Remote[Name]>>((resolve, reject) => {
      signal?.throwIfAborted()
      if (this.#failure) throw this.#failure
      this.#send({ type: 'call', id, name, input }, input)
      this.#pending.set(id, { resolve, reject })
      signal?.addEventListener('abort', abort)
    })
    return result.finally(() => {
      signal?.removeEventListener('abort', abort)
      this.#pending.delete(id)
    })
  }

  /** Calls a function that has no result. */
  notify<Name extends keyof Remote & string>(name: Name, input: Parameters<Remote[Name]>[0]): void {
    this.#send({ type: 'call', id: 0, name, input })
  }

  /** Rejects the calls of now and of later, until the other side sends something. */
  fail(failure: OAuthClientError): void {
    this.#failure = failure
    for (const { reject } of this.#pending.values()) reject(failure)
  }

  #receive(message: Message): void {
    this.#failure = undefined
    const { id } = message
    if (message.type === 'call') void this.#serve(message)
    else if (message.type === 'abort') this.#aborts.get(id)?.abort()
    else if (message.type === 'result') this.#pending.get(id)?.resolve(message.value as never)
    else this.#pending.get(id)?.reject(deserializeError(message.error))
  }

  async #serve({ id, name, input }: Extract<Message, { readonly type: 'call' }>): Promise<void> {
    const controller = new AbortController()
    this.#aborts.set(id, controller)
    try {
      const value = await this.#handlers.get(name)?.(input as never, controller.signal)
      this.#send({ type: 'result', id, value }, value)
    } catch (cause) {
      this.#send({ type: 'failure', id, error: serializeError(cause) })
    } finally {
      this.#aborts.delete(id)
    }
  }

  #send(message: Message, payload?: unknown): void {
    try {
      this.#port.postMessage(message, transferablesIn(payload))
    } catch (cause) {
      throw createError('configuration', 'The arguments cannot be sent to the worker.', {
        hint: 'Pass plain data. Functions, elements and class instances cannot be cloned.',
        cause,
      })
    }
  }
}

/** Streams and buffers are moved to the other thread: a stream cannot be copied, a buffer need not be. */
function transferablesIn(payload: unknown): Transferable[] {
  const members: unknown[] = Object.values(payload ?? {})
  return members.filter((member) => member instanceof ReadableStream || member instanceof ArrayBuffer)
}
