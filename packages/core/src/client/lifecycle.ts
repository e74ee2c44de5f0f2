import { createError } from '../errors/create-error.js'
import type { ClientParts } from './client-parts.js'
import { asClientError } from '../errors/client-error.js'
import { openQuietly } from '../platform/environment.js'
import { loadFlows } from './lazy.js'
import type { LogoutOptions, LogoutResult } from '../sign-out/logout-options.js'
import { createTabSync, type TabNews, type TabSync } from '../session/tab-messages.js'

/** From the first look into storage to the last listener taken away. */
export class Lifecycle {
  #ready: Promise<void> | undefined
  #detach: (() => void) | undefined
  #tabs: TabSync | undefined
  readonly #parts: ClientParts

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  announce(news: TabNews): void {
    this.#tabs?.announce(news)
  }

  /** Any number of calls, one start. A closed client is attached again and catches up with the storage. */
  start(): Promise<void> {
    const isAgain = this.#ready !== undefined
    if (!this.#detach) this.#attach()
    this.#ready ??= this.#begin()
    if (isAgain) void this.#ready.then(() => this.#parts.session.adopt())
    return this.#ready
  }

  /** A refresh goes on all the same: the server may have spent its refresh token already. */
  async close(): Promise<void> {
    this.#detach?.()
    this.#detach = undefined
    this.#parts.session.interrupt(
      createError('aborted', 'the client was closed while this request was on its way', {
        hint: 'Close it later, or start() it again.',
      }),
    )
    this.#parts.storage.close?.()
  }

  async logout(options: LogoutOptions): Promise<LogoutResult> {
    const { session } = this.#parts
    const { tokenSet } = session.state
    // First here, in the same turn as the click: a refresh that is on its way finds another epoch.
    session.end('logout')
    // What is stored may be newer, or not read yet.
    const stored = await session.clearRecord()
    try {
      const { signOutAtServer } = await loadFlows()
      return await signOutAtServer(this.#parts, stored ?? tokenSet, options)
    } catch (cause) {
      session.fail(asClientError(cause))
      return { local: true, provider: false }
    }
  }

  async #begin(): Promise<void> {
    const { session, signIn, config } = this.#parts
    const page = config.environment.window
    const url = page && new URL(page.location.href)
    if (url && signIn.isCallback(url)) {
      // The chunk is on its way while the storage is read.
      void loadFlows().catch(() => undefined)
      session.dispatch({ type: 'login_started' })
      // A failure is in the state, where hooks show it.
      await signIn.handlePage(url).catch(() => undefined)
    }
    await session.restore(page && config.options.silent?.length ? () => this.#askSilently() : undefined)
    if (config.options.offlineGrace === undefined || page?.navigator.onLine !== false) return
    await loadFlows().then(
      ({ suspendWhenOfflineTooLong }) => suspendWhenOfflineTooLong(this.#parts),
      () => undefined,
    )
  }

  async #askSilently(): Promise<unknown> {
    const { signInSilently } = await loadFlows()
    return signInSilently(this.#parts)
  }

  #attach(): void {
    const { config, session, storage, records } = this.#parts
    const { environment } = config
    const { window: page } = environment
    // A process has nobody to talk to, unless it was given a channel.
    const isShared = page !== undefined || storage.persistent || config.options.environment?.openChannel !== undefined
    this.#tabs = createTabSync(isShared ? openQuietly(environment, `latchkey/${config.key}/session`) : undefined, (news) => {
      // Without a shared storage the other tabs' sign-out is all there is to agree on.
      if (news === 'session-cleared' && !storage.persistent) {
        void records.take(`latchkey/${config.key}/session`)
        session.end('other-tab')
      } else if (session.state.status !== 'restoring') void session.adopt()
    })
    const detached = new AbortController()
    page?.addEventListener('pageshow', (event) => event.persisted && this.#comeBack(), { signal: detached.signal })
    page?.addEventListener('online', () => void session.adopt(), { signal: detached.signal })
    if (page) whenIdle(page, () => this.#settle(detached.signal))
    this.#detach = () => {
      detached.abort()
      this.#tabs?.close()
      this.#tabs = undefined
    }
  }

  /** What can wait until the app has drawn itself. */
  async #settle(detached: AbortSignal): Promise<void> {
    const { Renewal, sweepTransactions } = await loadFlows()
    await this.#ready
    if (detached.aborted) return
    const renewal = new Renewal(this.#parts)
    detached.addEventListener('abort', () => renewal.stop())
    await sweepTransactions(this.#parts)
  }

  /** Out of the back/forward cache: what was going on then is over, and the other tabs may have moved on. */
  #comeBack(): void {
    this.#parts.session.dispatch({ type: 'login_abandoned' })
    void this.#parts.session.adopt()
  }
}

function whenIdle(page: Window & typeof globalThis, work: () => Promise<unknown>): void {
  const run = (): void => void work().catch(() => undefined)
  if (typeof page.requestIdleCallback === 'function') page.requestIdleCallback(run, { timeout: 5000 })
  else page.setTimeout(run, 1000)
}
