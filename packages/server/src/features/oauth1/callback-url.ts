import { isInsecureUrl } from '../../http/loopback.js'

/** Schemes that run, show or fetch what the URL contains, or that belong to the browser or the system. */
const UNSAFE_SCHEME =
  /^(?:javascript|data|vbscript|blob|file|about|view-source|filesystem|jar|resource|chrome|chrome-.*|moz-.*|edge|ms-.*|search-ms|shell|intent|ftps?|wss?):$/

/** What this server adds: a client that reads the first of two would take a planted one. */
const ADDED = ['oauth_token', 'oauth_verifier']

/**
 * With a host, or of an app's own scheme, which contains a dot (RFC 8252, section 7.1). Other URLs start programs, such as `mailto:`. Without
 * spaces, control characters and others than ASCII, which a `Location` header cannot have.
 */
const CALLBACK = /^(?:[a-z][a-z\d+.-]*:\/\/[!-~]+|[a-z][a-z\d+-]*\.[a-z\d+.-]*:[!-~]+)$/i

/** Browsers and servers refuse longer addresses. */
const MAX_LENGTH = 2048

/** Tells whether a user may be sent there. @see RFC 5849, section 2.1 */
export function isCallbackUrl(text: string): boolean {
  if (text.length > MAX_LENGTH || !CALLBACK.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  // A browser reads a backslash as a slash, so that the page would show another host.
  if (UNSAFE_SCHEME.test(url.protocol) || isInsecureUrl(text) || /[#\\]/.test(text)) return false
  return url.username + url.password === '' && !ADDED.some((name) => url.searchParams.has(name))
}
