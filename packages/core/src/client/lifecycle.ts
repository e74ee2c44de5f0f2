import type { OAuthClientError } from '../errors/errors.js'
import { whenIdle } from '../platform/when-idle.js'
import type { Session } from '../session/session.js'
import type { SignIn } from '../sign-in/sign-in.js'
import { signInsOf } from '../sign-in/windows.js'
import { stopWaiting } from '../sign-in/response-url.js'
import type { ClientConfig } from './resolve-options.js'

/** What a lifecycle needs. The worker client implements `session` and the functions by calls to its worker. */
export interface LifecycleParts {
  readonly config: ClientConfig
  readonly session: Pick<Session, 'restore' | 'dispatch'> & { adopt(): Promise<unknown> }
  readonly signIn: Pick<SignIn, 'isCallback' | 'handlePage'>
  /** Loads the code that a callback needs, ahead of the call. */
  readonly preload?: (() => Promise<unknown>) | undefined
  readonly signInSilently: () => Promise<unknown>
  readonly onRestored?: (() => Promise<void>) | undefined
  /** Listens to the other tabs, until `close`. */
  readonly joinTabs?: (() => void) | undefined
  /** Starts what can wait until the app has rendered, until the signal aborts. */
  readonly startBackgroundWork: (detached: AbortSignal, idle: typeof whenIdle) => Promise<unknown>
  readonly close: () => Promise<void> | void
}

/** Starts and closes a client: from the first read of the storage to the removal of the last listener. */
export class Lifecycle {
  #ready: Promise<void> | undefined
  #detach: (() => void) | undefined
  readonly #parts: LifecycleParts

  constructor(parts: LifecycleParts) {
    this.#parts = parts
  }

  /** Starts once, however often it is called. A closed client is attached again and adopts what other tabs have changed. */
  start(): Promise<void> {
    const isAgain = this.#ready !== undefined
    if (!this.#detach) this.#attach()
    this.#ready ??= this.#restore()
    if (isAgain) void this.#ready.then(() => this.#parts.session.adopt()).catch(ignore)
    return this.#ready
  }

  async close(): Promise<void> {
    this.#detach?.()
    this.#detach = undefined
    await this.#parts.close()
  }

  async #restore(): Promise<void> {
    const { config, session, signIn, preload, signInSilently, onRestored } = this.#parts
    const page = config.environment.window
    const isCallback = signIn.isCallback()
    if (isCallback) {
      // Loads while the storage is read.
      preload?.().catch(ignore)
      session.dispatch({ type: 'login_started' })
    } else stopWaiting(config)
    const signIns: Partial<ReturnType<typeof signInsOf>> = page ? signInsOf(page) : {}
    // An authorization request here may be our own, shown by a navigation fallback.
    if (isCallback || page?.location.search.includes('response_type=')) {
      const handling = signIn.handlePage()
      signIns[config.key] = handling
      // A failure is in the state, where hooks show it.
      await handling.catch(ignore)
      delete signIns[config.key]
    } else {
      // Another client with this configuration may be handling the response. Its failure is ours, so that no guard starts a sign-in.
      await signIns[config.key]?.catch((error: OAuthClientError) => session.dispatch({ type: 'failed', error }))
    }
    await session.restore(page && config.options.silent?.length ? signInSilently : undefined)
    await onRestored?.()
  }

  #attach(): void {
    const { config, session, joinTabs, startBackgroundWork } = this.#parts
    const page = config.environment.window
    joinTabs?.()
    const detached = new AbortController()
    this.#detach = () => detached.abort()
    if (!page) return
    const { signal } = detached
    const onChange = (event: Event): void => {
      // The device is online again, or the page came out of the back/forward cache: a sign-in that was in flight is over.
      const { persisted } = event as Partial<PageTransitionEvent>
      if (persisted) session.dispatch({ type: 'login_abandoned' })
      if (persisted !== false) void session.adopt().catch(ignore)
    }
    page.addEventListener('online', onChange, { signal })
    page.addEventListener('pageshow', onChange, { signal })
    whenIdle(page, () => void startBackgroundWork(signal, whenIdle).catch(ignore))
  }
}

function ignore(): void {
  // The error is in the state, or a later call tries again.
}
