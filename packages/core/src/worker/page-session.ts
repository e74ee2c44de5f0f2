import type { ClientEvents } from '../client/events.js'
import { createEmitter, type Emitter } from '../platform/emitter.js'
import type { OAuthClientError } from '../errors/errors.js'
import { initialState, type SessionState } from '../session/session-state.js'
import type { TransferableState, WorkerMessage } from './messages.js'
import { fromTransferableError, type TransferableError } from './transferable-error.js'

/** The page's picture of the worker's session: the same states and events, without tokens. */
export class PageSession {
  readonly events: Emitter<ClientEvents> = createEmitter<ClientEvents>()
  #state: SessionState = initialState
  /** While the page is asked silently at its start, nobody looks signed out. */
  #isSettled = false
  readonly #listeners = new Set<() => void>()

  get state(): SessionState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  hear(message: Extract<WorkerMessage, { readonly type: 'state' | 'event' }>): void {
    if (message.type === 'state') this.#show(withOwnObjects(this.#state, message.state))
    else this.events.emit(message.name, withError(message.event) as never)
  }

  /** A failure on the page's side, where the worker does not know of it. */
  fail(error: OAuthClientError): void {
    this.#show({ ...this.#state, activity: 'idle', error })
    this.events.emit('error', { error })
  }

  /** A response is on this page: shown from the first render on. */
  noteResponse(): void {
    this.#show({ ...this.#state, activity: 'signing-in', error: undefined })
  }

  /** The start is over: what it found out counts. */
  settle(): void {
    this.#isSettled = true
    const { error } = this.#state
    if (this.#state.status === 'restoring') this.#show({ status: 'signed-out', activity: 'idle', error })
  }

  #show(next: SessionState): void {
    const shown: SessionState = next.status === 'signed-out' && !this.#isSettled ? { ...next, status: 'restoring' } : next
    if (isSame(this.#state, shown)) return
    this.#state = shown
    for (const listener of [...this.#listeners]) listener()
  }
}

/** A copy is a new object every time: claims that say the same stay the object they were, and render nobody. */
function withOwnObjects(former: SessionState, { error, ...state }: TransferableState): SessionState {
  const claims = former.claims && JSON.stringify(former.claims) === JSON.stringify(state.claims) ? former.claims : state.claims
  const own = error && (fromTransferableError(error) as OAuthClientError)
  return { ...state, ...(claims ? { claims } : {}), error: own } as SessionState
}

function isSame(former: SessionState, next: SessionState): boolean {
  const { status, activity, error, tokenSet } = former
  return status === next.status && activity === next.activity && error === next.error && tokenSet === next.tokenSet
}

function withError(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('error' in event) || event.error === undefined) return event
  return { ...event, error: fromTransferableError(event.error as TransferableError) }
}
