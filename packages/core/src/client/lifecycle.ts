import type { ClientConfig } from './resolve-options.js'
import type { Session } from '../session/session.js'
import type { SignIn } from '../sign-in/sign-in.js'

/** What a lifecycle needs. The worker client implements `session` and the functions by calls to its worker. */
export interface LifecycleParts {
  readonly config: ClientConfig
  readonly session: Pick<Session, 'restore' | 'dispatch'> & { adopt(): Promise<unknown> }
  readonly signIn: Pick<SignIn, 'isCallback' | 'handlePage'>
  /** Loads the code that a callback needs, ahead of the call. */
  readonly preload: () => Promise<unknown>
  readonly signInSilently: () => Promise<unknown>
  readonly onRestored: () => Promise<void>
  /** Listens to the other tabs. @returns ends it */
  readonly joinTabs: () => () => void
  /** Starts what can wait until the app has rendered. @returns ends it */
  readonly startIdleWork: () => Promise<() => void>
  readonly close: () => Promise<void> | void
}

/** From the first look into storage to the last listener taken away. */
export class Lifecycle {
  #ready: Promise<void> | undefined
  #detach: (() => void) | undefined
  readonly #parts: LifecycleParts

  constructor(parts: LifecycleParts) {
    this.#parts = parts
  }

  /** Any number of calls, one start. A closed client is attached again and catches up with the storage. */
  start(): Promise<void> {
    const isAgain = this.#ready !== undefined
    if (!this.#detach) this.#attach()
    this.#ready ??= this.#begin()
    if (isAgain) void this.#ready.then(() => this.#parts.session.adopt()).catch(ignore)
    return this.#ready
  }

  async close(): Promise<void> {
    this.#detach?.()
    this.#detach = undefined
    await this.#parts.close()
  }

  async #begin(): Promise<void> {
    const { config, session, signIn, preload, signInSilently, onRestored } = this.#parts
    const page = config.environment.window
    const url = page && new URL(page.location.href)
    if (url && signIn.isCallback(url)) {
      // The chunk is loaded while the storage is read.
      preload().catch(ignore)
      session.dispatch({ type: 'login_started' })
      // A failure is in the state, where hooks show it.
      await signIn.handlePage(url).catch(ignore)
    }
    await session.restore(page && config.options.silent?.length ? signInSilently : undefined)
    await onRestored()
  }

  #attach(): void {
    const { config, session, joinTabs, startIdleWork } = this.#parts
    const page = config.environment.window
    const leaveTabs = joinTabs()
    const detached = new AbortController()
    const adopt = (): void => void session.adopt().catch(ignore)
    const onPageShow = (event: PageTransitionEvent): void => {
      if (!event.persisted) return
      // Out of the back/forward cache: what was going on then is over, and the other tabs may have moved on.
      session.dispatch({ type: 'login_abandoned' })
      adopt()
    }
    page?.addEventListener('pageshow', onPageShow, { signal: detached.signal })
    page?.addEventListener('online', adopt, { signal: detached.signal })
    const runIdleWork = async (): Promise<void> => {
      const end = await startIdleWork()
      await this.#ready
      if (detached.signal.aborted) end()
      else detached.signal.addEventListener('abort', end)
    }
    if (page) whenIdle(page, runIdleWork)
    this.#detach = () => {
      detached.abort()
      leaveTabs()
    }
  }
}

function whenIdle(page: Window & typeof globalThis, work: () => Promise<unknown>): void {
  const run = (): void => void work().catch(ignore)
  if (typeof page.requestIdleCallback === 'function') page.requestIdleCallback(run, { timeout: 5000 })
  else page.setTimeout(run, 1000)
}

function ignore(): void {
  // The state shows it, or a later call tries again.
}
