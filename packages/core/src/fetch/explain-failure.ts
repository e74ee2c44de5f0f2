import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'

/**
 * Explains why a request was not sent or got no response. Browsers only say "Failed to fetch": if the device is offline, the error says
 * so, and that a retry may succeed. What else `fetch` throws stays as it is.
 *
 * @param isOfApp the caller's arguments are refused, not the request
 */
export async function explainFailure(
  { environment, explain }: Pick<ProtocolContext, 'environment' | 'explain'>,
  cause: unknown,
  isOfApp?: boolean,
): Promise<unknown> {
  // The session ended, or the client was closed.
  if (cause instanceof OAuthClientError) return explain(cause)
  if (isOfApp) {
    const seen = 'The request could not be made. Its URL or its options are not valid for fetch().'
    return explain(createError('configuration', seen, { cause }))
  }
  if (!(cause instanceof TypeError) || environment.window?.navigator.onLine !== false) return cause
  const hint = 'Try again when the device is back online.'
  return createError('offline', 'The request could not be sent: the device is offline', { hint, retryable: true, cause })
}
