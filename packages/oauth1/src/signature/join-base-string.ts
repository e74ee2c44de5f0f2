import { percentEncode } from './percent-encode.js'

/** Name and value of a parameter, both percent-encoded as RFC 5849, section 3.6 says. */
export type EncodedParameter = readonly [name: string, value: string]

/** Encodes a parameter. */
export function encodeParameter(pair: readonly [name: string, value: string]): EncodedParameter {
  return pair.map(percentEncode) as [string, string]
}

/** Builds the text that is signed. @param parameters without `oauth_signature`, in any order @see RFC 5849, section 3.4.1.1 */
export function joinBaseString(method: string, url: URL, parameters: readonly EncodedParameter[]): string {
  // A space sorts before every character of encoded text, so that one comparison is that of the names, then of the values.
  const sorted = parameters.map((pair) => pair.join(' ')).toSorted()
  const normalized = sorted.join('&').replaceAll(' ', '=')
  return [method.toUpperCase(), url.origin + url.pathname, normalized].map(percentEncode).join('&')
}
