import { toUrl } from './parse-url.js'

/** Names and addresses of the own machine. @see RFC 6761, section 6.3; RFC 8252, section 8.3 */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Tells whether a URL is on the machine that opens it. */
export function isLoopbackUrl({ hostname }: Pick<URL, 'hostname'>): boolean {
  return LOOPBACK.test(hostname)
}

/** Returns the URL of a text that is one with https, or with http on the own machine; undefined for any other. */
export function secureUrl(text: unknown): URL | undefined {
  const url = typeof text === 'string' ? toUrl(text) : undefined
  if (!url) return undefined
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(url)) ? url : undefined
}
