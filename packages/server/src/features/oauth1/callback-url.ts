import { isInsecureUrl } from '../../http/loopback.js'
import { isUnsafeUrl } from '../../http/unsafe-scheme.js'

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
  return callbackProblem(text) === undefined
}

/** Returns what a callback URL must be and is not; undefined if a user may be sent there. */
export function callbackProblem(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return `at most ${MAX_LENGTH} characters`
  if (!/^[!-~]+$/.test(text)) return 'percent-encoded: printable ASCII without spaces'
  // A browser reads a backslash as a slash, so that the page would show another host.
  if (/[#\\]/.test(text)) return 'without fragment and backslash'
  if (!CALLBACK.test(text) || !URL.canParse(text))
    return 'an absolute URL with a host, or one whose own scheme contains a dot (RFC 8252, section 7.1)'
  return problemOf(new URL(text))
}

function problemOf(url: URL): string | undefined {
  if (isUnsafeUrl(url)) return `of another scheme than "${url.protocol}"`
  if (isInsecureUrl(url.href)) return 'https, or http on loopback'
  if (url.username + url.password !== '') return 'without user name and password'
  return ADDED.some((name) => url.searchParams.has(name)) ? `without ${ADDED.join(' and ')}, which this server adds` : undefined
}
