import { parseUrl } from '../platform/parse-url.js'

/**
 * Whether a response arrived at a redirect URI: same scheme, host, port and path, and the query parameters of the redirect URI unchanged.
 * Others may be added, since a server may send parameters that this client does not know (RFC 6749, section 4.1.2). Of a custom scheme,
 * neither a slash at the end nor the case of the host is compared: operating systems change them.
 *
 * @see RFC 9700, section 4.4.2.2; RFC 6749, section 3.1.2; RFC 8252, section 7.1
 */
export function isAtRedirectUri(url: URL, redirectUri: string): boolean {
  const expected = parseUrl(redirectUri)
  if (!expected) return false
  const isSameQuery = [...expected.searchParams.keys()].every((name) => valuesOf(url, name) === valuesOf(expected, name))
  return isSameQuery && addressOf(url) === addressOf(expected)
}

function addressOf({ protocol, host, pathname }: URL): string {
  // The URL parser has normalized the host of an http address.
  const path = protocol.startsWith('http') ? pathname : pathname.replace(/\/$/, '')
  return `${protocol}//${host.toLowerCase()}${path}`
}

function valuesOf({ searchParams }: URL, name: string): string {
  return JSON.stringify(searchParams.getAll(name))
}
