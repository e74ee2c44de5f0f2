import type { AccessToken } from '../protocol/token-set.js'

/** @returns the request's headers with a Bearer token. @see RFC 6750, section 2.1 */
export function withBearer(request: Request, { accessToken }: AccessToken): Headers {
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${accessToken}`)
  return headers
}
