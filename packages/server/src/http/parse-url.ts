/** Servers and browsers refuse longer URLs. */
const MAX_LENGTH = 8192
/** The visible characters of a URI. @see RFC 3986, section 2 */
const ASCII = /^[\x21-\x7e]+$/

/**
 * Returns a URL that others wrote; undefined for text that is none, is no ASCII, or is longer than URLs are. `new URL` converts the
 * characters of a host that are not ASCII to Punycode (RFC 3492), at a cost that grows with the square of their number: one with 20,000
 * takes seconds. Text from requests, client metadata and tokens must not reach `new URL` or `URL.canParse` in another way.
 */
export function parseUrl(text: string): URL | undefined {
  return isUrlText(text) && URL.canParse(text) ? new URL(text) : undefined
}

/** Tells whether text has only characters of a URI, and no more of them than URLs have. */
export function isUrlText(text: string): boolean {
  return text.length <= MAX_LENGTH && ASCII.test(text)
}
