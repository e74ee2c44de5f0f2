import { percentEncode } from './percent-encode.js'

/** Writes the `Authorization` header without a realm. @see RFC 5849, section 3.5.1 */
export function headerValue(parameters: ReadonlyArray<readonly [string, string]>): string {
  return `OAuth ${parameters.map((pair) => `${pair.map(percentEncode).join('="')}"`).join(', ')}`
}
