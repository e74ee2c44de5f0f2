import { createError } from '../../errors/create-error.js'
import type { ConfigurationError } from '../../errors/errors.js'

/**
 * Creates the error for a transport that this runtime does not support.
 *
 * @param missing what the runtime lacks
 */
export function unsupportedHere(transport: string, missing = 'browser window'): ConfigurationError {
  return createError('unsupported', ['transport', transport, missing])
}
