import { InteractionError } from './errors.js'

/** @returns the typed error for an `AbortSignal` that fired */
export function abortError(signal: AbortSignal): InteractionError {
  return new InteractionError('aborted', 'the attempt was given up by its AbortSignal', { cause: signal.reason, retryable: true })
}
