/** Servers and browsers refuse longer URLs. */
const MAX_LENGTH = 8192
/** The visible characters of a URI. @see RFC 3986, section 2 */
const ASCII = /^[\x21-\x7e]+$/
/**
 * A web address as a browser and a content security policy read it: `https:a.example` is relative on a page of https, and `;` in a host
 * would start another directive.
 */
const WEB = /^https?:\/\/(?:[^/?#\\@]*@)?(?:[a-z\d._-]+|\[[\da-f:.]+\])(?::\d*)?(?:[/?#]|$)/i

/**
 * Returns a URL that others wrote; undefined for text that is invalid, not ASCII, or longer than URLs are, and for a web address with an
 * unusual host. `new URL` converts the characters of a host that are not ASCII to Punycode (RFC 3492), at a cost that grows with the square
 * of their number: one with 20,000 takes seconds. Text from requests, client metadata and tokens must not reach `new URL` or `URL.canParse` in another way.
 */
export function parseUrl(text: string): URL | undefined {
  if (!isUrlText(text) || (/^https?:/i.test(text) && !WEB.test(text))) return undefined
  return toUrl(text)
}

/** Tells whether text has only characters of a URI, and no more of them than URLs have. */
export function isUrlText(text: string): boolean {
  return text.length <= MAX_LENGTH && ASCII.test(text)
}

/**
 * Returns the URL of a text of the host itself, of any length and in any script; undefined if it is invalid. `URL.canParse` of Node 20 and 22
 * returns false for a valid URL that is not ASCII once they have optimized the call.
 */
export function toUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
