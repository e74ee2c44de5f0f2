import type { whenIdle } from '../platform/when-idle.js'
import { sweepTransactions } from '../sign-in/sweep-transactions.js'
import type { ClientInternals, SessionCalls } from './internals.js'

type Background = Pick<ClientInternals, 'config' | 'storage' | 'session' | 'serverCalls' | 'sessionCalls'>

/**
 * Does what can wait until the app has rendered: deletes old transactions and, as soon as a user is signed in and the browser is idle,
 * loads what the session needs and starts its refresh timer. If the network fails, the next change of the session tries again.
 *
 * @param detached stops it
 * @param idle is given, because a module of the initial bundle that another chunk imports becomes a file of its own
 */
export function startBackgroundWork(client: Background, detached: AbortSignal, idle: typeof whenIdle): void {
  const { config, session, sessionCalls } = client
  const { window: page } = config.environment
  // So that a deployment that replaces the app's files does not take it away from an open page.
  client.serverCalls().catch(() => undefined)
  void sweepTransactions(client).catch(() => undefined)
  let isStarting = false
  const start = (calls: SessionCalls): void => {
    unsubscribe()
    if (detached.aborted) return
    const timer = calls.startRefreshTimer()
    detached.addEventListener('abort', () => timer.stop())
  }
  const load = (): void => void sessionCalls().then(start, () => (isStarting = false))
  const check = (): void => {
    if (!page || isStarting || session.state.status !== 'signed-in') return
    isStarting = true
    idle(page, load)
  }
  const unsubscribe = session.subscribe(check)
  detached.addEventListener('abort', unsubscribe)
  check()
}
