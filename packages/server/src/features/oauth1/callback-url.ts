import { isInsecureUrl } from '../../http/loopback.js'

/** Schemes that run or show what the URL contains. */
const UNSAFE_SCHEMES: ReadonlySet<string> = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:'])

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
  return !UNSAFE_SCHEMES.has(url.protocol) && !isInsecureUrl(text) && !text.includes('#') && url.username + url.password === ''
}
