/** Schemes that run or read something where they are opened. */
const DANGEROUS = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:'])
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** @returns whether the address is https, or http on loopback, without credentials and fragment */
export function isWebAddress(uri: string): boolean {
  return isAllowedUri(uri, 'web')
}

/** @returns whether a browser may be sent to the address; native applications have schemes of their own */
export function isAllowedUri(uri: string, applicationType: unknown): boolean {
  if (!URL.canParse(uri) || uri.includes('#')) return false
  const { protocol, username, password } = new URL(uri)
  if (DANGEROUS.has(protocol) || username !== '' || password !== '') return false
  if (protocol === 'https:') return true
  if (protocol === 'http:') return isLoopback(uri)
  // RFC 8252, section 7.1: a scheme that somebody owns is a reversed domain name.
  return applicationType === 'native' && protocol.includes('.')
}

/** @returns whether the address is one of this machine */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.has(new URL(uri).hostname)
}
