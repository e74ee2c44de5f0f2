import type { OAuthClientError } from '../errors/errors.js'
import type { Session } from './session.js'

type SignalOf = Pick<Session, 'signal'>

/**
 * Stops waiting when the client is closed, so that no call of a closed client stays pending: a transport, a hook or a function of the app
 * may never settle. The work itself continues, since the server may have used up a code or a refresh token already.
 *
 * @param onClosed stops what can be stopped
 * @param since the session's signal when the call was made. The client may have been closed while the code of the call was loaded
 * @throws InteractionError aborted, without its texts
 */
export function untilClosed<T>(
  session: SignalOf,
  work: Promise<T>,
  onClosed?: () => void,
  since: AbortSignal = session.signal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController()
    const watch = (signal: AbortSignal): void => {
      const onAbort = (): void => {
        const reason = signal.reason as OAuthClientError
        // A session that ends does not end the call. The next session has another signal.
        if (reason.code !== 'aborted') return watch(session.signal)
        reject(reason)
        onClosed?.()
      }
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { signal: settled.signal })
    }
    watch(since)
    void work.then(resolve, reject).finally(() => settled.abort())
  })
}
