import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { type ErrorDetails, OAuthClientError } from '../errors/errors.js'

/** An error as plain data. Its `cause` and `stack` are not sent: they have not been checked for secrets. */
export interface SerializedError {
  readonly name: string
  readonly message: string
  readonly isDomException: boolean
  /** The members of an `OAuthClientError`. */
  readonly details: (ErrorDetails & { readonly code: ErrorCode }) | undefined
}

/** Returns the error as plain data that `postMessage` accepts. */
export function serializeError(error: unknown): SerializedError {
  const { name, message } = error instanceof Error ? error : new Error('The worker failed.')
  // Without `message`, `stack` and `cause`, which are not enumerable.
  const members = isOwnError(error) ? Object.fromEntries(Object.entries(error)) : undefined
  return { name, message, isDomException: error instanceof DOMException, details: members as SerializedError['details'] }
}

/**
 * Whether this library threw it. A worker that is started with a query in its URL has its first module twice, since the other ones import it
 * without, and so two classes of each name.
 */
function isOwnError(error: unknown): error is OAuthClientError {
  const { code, retryable } = Object(error) as Partial<OAuthClientError>
  return (
    error instanceof OAuthClientError || (error instanceof Error && typeof code === 'string' && typeof retryable === 'boolean')
  )
}

/** Returns an error of the class that was thrown in the other thread. */
export function deserializeError({ name, message, isDomException, details }: SerializedError): Error {
  if (details) return createError(details.code, message, details)
  if (isDomException) return new DOMException(message, name)
  return name === 'TypeError' ? new TypeError(message) : new Error(message)
}
