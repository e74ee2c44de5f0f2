/** Inserts a well-known path before that of the URL. @see RFC 8414, section 3.1; RFC 9728, section 3.1 */
export function wellKnownUrl(url: URL, name: string): URL {
  const address = new URL(url)
  address.pathname = `/.well-known/${name}${url.pathname === '/' ? '' : url.pathname}`
  return address
}
