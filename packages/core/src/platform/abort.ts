import { createError } from '../errors/create-error.js'
import type { InteractionError } from '../errors/errors.js'

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
    // First, so that the work is waited for even if the signal is none.
    const settled = work.then(resolve, reject)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    void settled.finally(() => signal.removeEventListener('abort', abort))
  })
}
