import type { Logger } from '../platform/logger.js'
import { notifyApp } from '../platform/notify-app.js'
import type { StoredAttempt } from '../sign-in/sign-in-options.js'
import type { Attempt, AttemptEvent, AttemptKind, AttemptOutcome, AttemptRequest } from './attempt.js'

/** An attempt that is not over, and what is stored for the page that continues it. */
export interface OpenAttempt extends Attempt {
  id: string
  startedAt: number
  transport?: string | undefined
  isResumed: boolean
  /** Whether its listeners know of it. A sign-in that turns out to continue another page's takes the id of that page's attempt before. */
  isShown: boolean
  /** What the first listener stores with the transaction, such as a `traceparent`. */
  trace?: string | undefined
}

/** A listener of the attempts of a client. It gets the attempt itself, so that it can set `trace`. */
export type AttemptListener = (event: AttemptEvent & { readonly attempt: OpenAttempt }) => void

/** An attempt without an end, such as a popup whose code was never loaded, is forgotten. */
const MAX_OPEN = 200

/** The open attempts of one client. */
export class AttemptLog {
  /** Oldest first. */
  readonly #open = new Set<OpenAttempt>()
  readonly #listeners = new Set<AttemptListener>()
  readonly #now: () => number
  readonly #logger: Logger

  constructor(now: () => number, logger: Logger) {
    this.#now = now
    this.#logger = logger
  }

  listen(listener: AttemptListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @param isShown false for an attempt that may take the id of another page's */
  start(kind: AttemptKind, isShown = true): OpenAttempt {
    const attempt: OpenAttempt = { id: crypto.randomUUID(), kind, startedAt: this.#now(), isResumed: false, isShown: false }
    this.#open.add(attempt)
    if (this.#open.size > MAX_OPEN) for (const oldest of [...this.#open].slice(0, 1)) this.end(oldest, 'abandoned')
    if (isShown) this.show(attempt)
    return attempt
  }

  show(attempt: OpenAttempt): void {
    if (attempt.isShown) return
    attempt.isShown = true
    this.#emit({ type: 'started', attempt, at: attempt.isResumed ? this.#now() : attempt.startedAt })
  }

  /** @returns the open attempt that was started last */
  latest(...kinds: readonly AttemptKind[]): OpenAttempt | undefined {
    return [...this.#open].findLast(({ kind }) => kinds.includes(kind))
  }

  /** @returns the first open attempt that fits */
  find(fits: (attempt: OpenAttempt) => boolean): OpenAttempt | undefined {
    return [...this.#open].find(fits)
  }

  /** Continues an attempt of another page, in the place of one that this page has just started. */
  resume(stored: StoredAttempt, transport: string | undefined): OpenAttempt {
    const attempt = this.find(({ isShown, kind }) => !isShown && kind === 'sign-in') ?? this.start('sign-in', false)
    Object.assign(attempt, { id: stored.id, startedAt: stored.startedAt, trace: stored.trace, transport, isResumed: true })
    this.show(attempt)
    return attempt
  }

  addRequest(attempt: OpenAttempt, request: AttemptRequest): void {
    this.show(attempt)
    this.#emit({ type: 'request', attempt, at: this.#now(), request })
  }

  /** Does nothing for an attempt that has ended. */
  end(attempt: OpenAttempt, outcome: AttemptOutcome, errorCode?: string): void {
    if (!this.#open.delete(attempt)) return
    this.show(attempt)
    this.#emit({ type: 'ended', attempt, at: this.#now(), outcome, durationMs: this.durationOf(attempt), errorCode })
  }

  endAll(outcome: AttemptOutcome, ...kinds: readonly AttemptKind[]): void {
    for (const attempt of [...this.#open]) if (kinds.includes(attempt.kind)) this.end(attempt, outcome)
  }

  durationOf({ startedAt }: Attempt): number {
    return Math.max(0, this.#now() - startedAt)
  }

  now(): number {
    return this.#now()
  }

  #emit(event: Parameters<AttemptListener>[0]): void {
    for (const listener of [...this.#listeners]) notifyApp(() => listener(event), this.#logger, 'a listener of attempts')
  }
}
