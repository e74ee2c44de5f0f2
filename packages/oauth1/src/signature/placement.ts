import { headerValue } from './header-value.js'

/** Where the `oauth_…` parameters of a request stand. @see RFC 5849, section 3.5 */
export type ParameterPlacement = 'header' | 'body' | 'query'

/**
 * Writes the `Authorization` header.
 *
 * @param realm comes first, is not encoded and not signed
 * @see RFC 5849, section 3.5.1
 */
export function authorizationHeader(parameters: Iterable<readonly [string, string]>, realm?: string): string {
  const header = headerValue([...parameters])
  return realm === undefined ? header : header.replace(' ', () => ` realm="${realm}", `)
}
