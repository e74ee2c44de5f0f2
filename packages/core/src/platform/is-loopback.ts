/** Whether a URL is plain http on the developer's own machine. @see RFC 8252, section 8.3 */
export function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
}
