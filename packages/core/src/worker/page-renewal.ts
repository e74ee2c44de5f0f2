import type { ClientConfig } from '../client/resolve-options.js'
import { usefulLeeway } from '../protocol/token-set.js'
import type { PageSession } from './page-session.js'

const LONGEST_TIMER_MS = 2 ** 31 - 1
const PAUSE_AFTER_FAILURE_MS = 60_000

/**
 * Only a page knows whether it is looked at: while it is, the worker is asked to renew the token before it expires, so that a refresh
 * token with a lifetime of its own does not run out.
 *
 * @returns ends it
 */
export function keepRenewed(config: ClientConfig, session: PageSession, renew: () => Promise<unknown>): () => void {
  const { window: page, now } = config.environment
  if (!page) return () => undefined
  const stopped = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let pausedUntil = 0
  const look = (): void => {
    clearTimeout(timer)
    const { tokenSet } = session.state
    const isAwake = page.document.visibilityState === 'visible' && page.navigator.onLine
    if (stopped.signal.aborted || !isAwake || tokenSet?.expiresAt === undefined) return
    const dueAt = tokenSet.expiresAt - (tokenSet.clockOffsetSeconds ?? 0) - usefulLeeway(tokenSet, config.leewaySeconds)
    const wait = Math.max(dueAt * 1000, pausedUntil) - now()
    if (wait > 0) timer = setTimeout(look, Math.min(wait, LONGEST_TIMER_MS))
    else {
      // Also where there was nothing to renew with: not again and again.
      pausedUntil = now() + PAUSE_AFTER_FAILURE_MS
      void renew().then(look, look)
    }
  }
  const { signal } = stopped
  page.document.addEventListener('visibilitychange', look, { signal })
  page.addEventListener('online', look, { signal })
  page.addEventListener('pageshow', look, { signal })
  signal.addEventListener('abort', session.subscribe(look))
  look()
  return () => {
    stopped.abort()
    clearTimeout(timer)
  }
}
