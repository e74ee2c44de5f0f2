/** How a browser describes the page that sends a form of the server itself, or a form that the user has sent again. */
const OWN: ReadonlySet<string> = new Set(['same-origin', 'none'])

/**
 * Tells whether a form may be from a page of this origin. A page on another port or subdomain can plant cookies here, and send a form of
 * the attacker's browser with them. Browsers without `Sec-Fetch-Site` may send the origin, which a page can hide (`null`).
 *
 * @see Fetch Metadata Request Headers, section 2.4; RFC 9700, section 4.7; RFC 6454, section 7
 */
export function mayBeFromOwnPage({ headers, url }: Request, issuer: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return OWN.has(site)
  const origin = headers.get('origin')
  return origin === null || origin === 'null' || [url, issuer].some((own) => new URL(own).origin === origin)
}
