import { ConfigurationError } from '../errors.js'

/** @returns the error for a transport that needs a window where there is none */
export function unsupportedHere(transport: string): ConfigurationError {
  return new ConfigurationError('unsupported', `transport "${transport}" needs a browser window, and there is none here`, {
    hint: 'Pass a Transport of your own, or use createAuthorizationUrl() and exchange().',
  })
}
