import { createError } from '../errors/create-error.js'

/** @throws ConfigurationError `insecure_context` if the browser withholds WebCrypto (plain http on a host other than localhost) */
export function requireWebCrypto(): void {
  if (globalThis.crypto?.subtle !== undefined) return
  throw createError('insecure_context')
}
