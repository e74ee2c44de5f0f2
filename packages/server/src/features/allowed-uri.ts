import { parseUrl } from '../http/parse-url.js'
import { isUnsafeUrl } from '../http/unsafe-scheme.js'
import type { ServerContext } from '../options/server-context.js'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Tells whether a URI is https, or http on loopback, without credentials and fragment. */
export function isWebUrl(uri: string): boolean {
  return isAllowedUri(uri, 'web')
}

/** Tells whether a browser may be redirected to a URI. Native applications may use private schemes. */
export function isAllowedUri(uri: string, applicationType: unknown): boolean {
  const url = parseUrl(uri)
  if (!url || uri.includes('#')) return false
  const { protocol, username, password, hostname } = url
  if (isUnsafeUrl(url) || username !== '' || password !== '') return false
  if (protocol === 'https:') return true
  if (protocol === 'http:') return LOOPBACK.has(hostname)
  // RFC 8252, section 7.1: a private scheme is a reversed domain name.
  return applicationType === 'native' && protocol.includes('.')
}

/** Tells whether this server may fetch a client's URI: a client must not make it call what only its own network can reach. */
export function isReachable(uri: string, { mayFetch }: Pick<ServerContext, 'mayFetch'>): boolean {
  return isWebUrl(uri) && mayFetch(uri)
}
