import { createError } from '../../errors/create-error.js'
import type { ConfigurationError } from '../../errors/errors.js'

/**
 * @param missing what there is none of here
 * @returns the error for a transport that needs it
 */
export function unsupportedHere(transport: string, missing = 'browser window'): ConfigurationError {
  return createError('unsupported', `transport "${transport}" needs a ${missing}, and there is none here`, {
    hint: 'Pass a Transport of your own, or use createAuthorizationUrl() and exchange().',
  })
}
