import { Reply } from './reply.js'

/** The visible characters of a URI, without the backslash, which browsers read as a slash. @see RFC 3986, section 2 */
const URI = /^[\x21-\x5b\x5d-\x7e]+$/

/**
 * Redirects a browser. A client's URI may have characters that a header cannot hold: they are encoded, as a browser would. After a form
 * the status is 303: the browser must not send the form, which may contain a password, again (RFC 9700, section 4.12).
 */
export function redirectTo(
  uri: string,
  { method }: Pick<Request, 'method'>,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const location = URI.test(uri) ? uri : new URL(uri).href
  return new Reply(null, method === 'POST' ? 303 : 302, { ...headers, location, 'cache-control': 'no-store' })
}
