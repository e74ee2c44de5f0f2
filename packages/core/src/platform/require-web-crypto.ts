import { createError } from '../errors/create-error.js'

/** @throws ConfigurationError `insecure_context` if the browser withholds WebCrypto (plain http on a host other than localhost) */
export function requireWebCrypto(): void {
  if (globalThis.crypto?.subtle !== undefined) return
  throw createError('insecure_context', 'WebCrypto ("crypto.subtle") is not available on this page.', {
    hint: 'Open the app over https or on localhost: browsers offer cryptography to secure contexts only.',
    spec: 'Web Cryptography API, section 10.1',
  })
}
