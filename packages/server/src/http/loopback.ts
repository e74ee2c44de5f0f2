import { isLoopbackUrl as isLoopback } from '@latchkey/resource/internals'

/** Tells whether a URL is on the machine of the browser that opens it. */
export function isLoopbackUrl(url: string): boolean {
  return isLoopback(new URL(url))
}

/** Tells whether what a browser sends to a URL can be read on the way: http off loopback. @see RFC 9700, section 2.6 */
export function isInsecureUrl(url: string): boolean {
  const parsed = new URL(url)
  return parsed.protocol === 'http:' && !isLoopback(parsed)
}

/** An address in a URL: no name, which an attacker could make resolve elsewhere. */
const ADDRESS = /^(?:\[.*\]|[\d.]+)$/

/**
 * Tells whether a request for a server without https has the host name of an attacker, whose page makes the name resolve to the server
 * (DNS rebinding) and could then read and submit the server's forms. With https, no certificate is for that name.
 */
export function isReboundHost({ hostname }: URL, issuer: string): boolean {
  if (ADDRESS.test(hostname) || isLoopback({ hostname })) return false
  const own = new URL(issuer)
  return isLoopbackUrl(issuer) || (own.protocol === 'http:' && own.hostname !== hostname)
}
