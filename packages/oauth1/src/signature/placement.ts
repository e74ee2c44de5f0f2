import { percentEncode } from './percent-encode.js'

/** Where the `oauth_…` parameters of a request stand. @see RFC 5849, section 3.5 */
export type ParameterPlacement = 'header' | 'body' | 'query'

/**
 * Writes the `Authorization` header.
 *
 * @param realm comes first, is not encoded and not signed
 * @see RFC 5849, section 3.5.1
 */
export function authorizationHeader(parameters: Iterable<readonly [string, string]>, realm?: string): string {
  const encoded = Array.from(parameters, (pair) => `${pair.map(percentEncode).join('="')}"`)
  return `OAuth ${realm === undefined ? '' : `realm="${realm}", `}${encoded.join(', ')}`
}
