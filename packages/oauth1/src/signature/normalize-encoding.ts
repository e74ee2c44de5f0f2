import { percentEncode } from './percent-encode.js'

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
