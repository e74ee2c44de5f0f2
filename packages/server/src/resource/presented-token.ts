import { OAuthError } from '../http/oauth-error.js'

/** An access token, and the scheme that it was sent with. */
export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
}

/**
 * Returns the access token in a request's Authorization header; undefined if there is none.
 *
 * @throws OAuthError `invalid_request` for a malformed header. @see RFC 6750, section 2.1; RFC 9449, section 7.1
 */
export function presentedToken(request: Request): PresentedToken | undefined {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const [, scheme, token] = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header) ?? []
  if (scheme !== undefined && token !== undefined) return { scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token }
  if (!/^(bearer|dpop)\b/i.test(header)) return undefined
  throw new OAuthError('invalid_request', 'the Authorization header must be "Bearer" and the token')
}
