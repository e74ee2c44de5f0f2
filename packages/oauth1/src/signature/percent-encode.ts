/**
 * Encodes text as UTF-8 and leaves only unreserved characters as they are, which `encodeURIComponent` does not.
 *
 * @see RFC 5849, section 3.6
 */
export function percentEncode(text: string): string {
  // A lone surrogate is no character. `fetch` sends U+FFFD for it as well.
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')).replaceAll(/[!'()*]/g, hexOf)
}

/**
 * Brings text that is percent-encoded already into the one form that a signature covers, byte by byte. Decoding and encoding again would
 * lose bytes that are not UTF-8, so that they could be changed without breaking the signature.
 *
 * @param encoded with `%20` for a space
 */
export function normalizeEncoding(encoded: string): string {
  return encoded.replaceAll(/%[\da-f]{2}|[^\w.~%-]+|%/gi, (match) => {
    if (!/^%.{2}/.test(match)) return percentEncode(match)
    const byte = String.fromCharCode(Number.parseInt(match.slice(1), 16))
    return /[\w.~-]/.test(byte) ? byte : match.toUpperCase()
  })
}

function hexOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
