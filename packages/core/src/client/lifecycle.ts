import { asClientError } from '../errors/client-error.js'
import { createError } from '../errors/create-error.js'
import { openQuietly } from '../platform/environment.js'
import { watchPage } from '../platform/page-activity.js'
import { createTabChannel, type TabChannel, type TabMessage } from '../session/tab-messages.js'
import type { LogoutOptions, LogoutResult } from '../sign-out/logout-options.js'
import type { ClientInternals } from './internals.js'

/** Starts, signs out and closes a client: from the first read of the storage to the removal of the last listener. */
export class Lifecycle {
  #ready: Promise<void> | undefined
  #detach: (() => void) | undefined
  #tabs: TabChannel | undefined
  readonly #client: ClientInternals

  constructor(client: ClientInternals) {
    this.#client = client
  }

  /** Notifies the other tabs. */
  sendToTabs(message: TabMessage): void {
    this.#tabs?.send(message)
  }

  /** Starts once, however often it is called. A closed client is attached again and adopts what other tabs have changed. */
  start(): Promise<void> {
    const isAgain = this.#ready !== undefined
    if (!this.#detach) this.#attach()
    this.#ready ??= this.#restore()
    if (isAgain) void this.#ready.then(() => this.#client.session.adopt())
    return this.#ready
  }

  /** A refresh in flight continues: the server may have used up its refresh token already. */
  async close(): Promise<void> {
    this.#detach?.()
    this.#detach = undefined
    this.#client.session.interrupt(
      createError('aborted', 'the client was closed while this request was on its way', {
        hint: 'Close it later, or start() it again.',
      }),
    )
    this.#client.storage.close?.()
  }

  async logout(options: LogoutOptions): Promise<LogoutResult> {
    const { session, serverCalls } = this.#client
    const { tokenSet } = session.state
    // Synchronous with the click, so that a refresh in flight finds another epoch.
    session.end('logout')
    // The stored token set may be newer, or not read yet.
    const stored = await session.clearRecord()
    try {
      return await (await serverCalls()).signOutAtServer(stored ?? tokenSet, options)
    } catch (cause) {
      session.fail(asClientError(cause))
      return { local: true, provider: false }
    }
  }

  async #restore(): Promise<void> {
    const { session, signIn, config, serverCalls } = this.#client
    const page = config.environment.window
    const url = page && new URL(page.location.href)
    if (url && signIn.isCallback(url)) {
      // Loads while the storage is read.
      void serverCalls().catch(() => undefined)
      session.dispatch({ type: 'login_started' })
      // A failure is in the state, where hooks show it.
      await signIn.handlePage(url).catch(() => undefined)
    }
    const isSilentAllowed = page && config.options.silent?.length
    await session.restore(isSilentAllowed ? async () => (await serverCalls()).signInSilently() : undefined)
    if (config.options.offlineGrace === undefined || page?.navigator.onLine !== false) return
    await serverCalls().then(
      (calls) => calls.suspendWhenOfflineTooLong(),
      () => undefined,
    )
  }

  #attach(): void {
    const { config, session } = this.#client
    const { environment } = config
    const { window: page } = environment
    this.#tabs = this.#openTabs()
    const detached = new AbortController()
    if (page) {
      watchPage(
        page,
        (change) => {
          if (change === 'restored') this.#afterBfcacheRestore()
          if (change === 'online') void session.adopt()
        },
        detached.signal,
      )
      whenIdle(page, () => this.#startBackgroundWork(detached.signal))
    }
    this.#detach = () => {
      detached.abort()
      this.#tabs?.close()
      this.#tabs = undefined
    }
  }

  #openTabs(): TabChannel {
    const { config, session, storage, records } = this.#client
    const { environment } = config
    const name = `latchkey/${config.key}/session`
    // A process has no other tabs, unless the app gave it a channel.
    const isShared = environment.window || storage.persistent || config.options.environment?.openChannel
    return createTabChannel(isShared ? openQuietly(environment, name) : undefined, (message) => {
      // Without shared storage, tabs only have a sign-out in common.
      if (message === 'session-cleared' && !storage.persistent) {
        void records.take(name)
        session.end('other-tab')
      } else if (session.state.status !== 'restoring') void session.adopt()
    })
  }

  /** Runs when the app has rendered. */
  async #startBackgroundWork(detached: AbortSignal): Promise<void> {
    const { startRefreshTimer, transactions } = await this.#client.serverCalls()
    await this.#ready
    if (detached.aborted) return
    startRefreshTimer(detached)
    await transactions.sweep()
  }

  /** A sign-in that was in flight is over, and other tabs may have changed the session. */
  #afterBfcacheRestore(): void {
    this.#client.session.dispatch({ type: 'login_abandoned' })
    void this.#client.session.adopt()
  }
}

function whenIdle(page: Window & typeof globalThis, work: () => Promise<unknown>): void {
  const run = (): void => void work().catch(() => undefined)
  if (typeof page.requestIdleCallback === 'function') page.requestIdleCallback(run, { timeout: 5000 })
  else page.setTimeout(run, 1000)
}
