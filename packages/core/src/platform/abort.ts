import { createError } from '../errors/create-error.js'
import type { InteractionError, OAuthClientError } from '../errors/errors.js'

/** @returns the typed error for an `AbortSignal` that fired */
export function abortError(signal: AbortSignal): InteractionError {
  return createError('aborted', 'The request was aborted by its AbortSignal.', {
    hint: 'Nothing is wrong: call again when needed.',
    cause: signal.reason,
    retryable: true,
  })
}

/** @throws InteractionError aborted when the signal has fired */
export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal)
}

/** Stops waiting when the signal fires; the work itself continues. @throws InteractionError aborted */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(abortError(signal))
    // First, so that the work is waited for even if the signal is invalid.
    const settled = work.then(resolve, reject)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    void settled.finally(() => signal.removeEventListener('abort', abort))
  })
}

/**
 * Stops waiting when the client is closed, so that no call of a closed client stays pending: a transport, a hook or a function of the app
 * may never settle. The work itself continues, since the server may have used up a code or a refresh token already.
 *
 * @param onClosed stops what can be stopped
 * @param since the session's signal when the call was made. The client may have been closed while the code of the call was loaded
 * @throws InteractionError aborted, without its texts
 */
export function untilClosed<T>(
  session: { readonly signal: AbortSignal },
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
