/** Names and addresses of the own machine. @see RFC 6761, section 6.3; RFC 8252, section 8.3 */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Tells whether a URL is on the machine of the browser that opens it. */
export function isLoopbackUrl(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname)
}

/** Tells whether what a browser sends to a URL can be read on the way: http off loopback. @see RFC 9700, section 2.6 */
export function isInsecureUrl(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !LOOPBACK.test(hostname)
}

/** An address in a URL: no name, which an attacker could make resolve elsewhere. */
const ADDRESS = /^(?:\[.*\]|[\d.]+)$/

/**
 * Tells whether a request for a server without https has the host name of an attacker, whose page makes the name resolve to the server
 * (DNS rebinding) and could then read and submit the server's forms. With https, no certificate is for that name.
 */
export function isReboundHost({ hostname }: URL, issuer: string): boolean {
  if (ADDRESS.test(hostname) || LOOPBACK.test(hostname)) return false
  const own = new URL(issuer)
  return isLoopbackUrl(issuer) || (own.protocol === 'http:' && own.hostname !== hostname)
}
