import { OAuthError } from '../oauth-error.js'

/**
 * @returns the access token that a request carries in its Authorization header; undefined where it carries none
 * @throws OAuthError `invalid_request` for a header that cannot be read. @see RFC 6750, section 2.1
 */
export function accessTokenOfRequest(
  request: Request,
): { readonly scheme: 'bearer' | 'dpop'; readonly token: string } | undefined {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const [, scheme, token] = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header) ?? []
  if (scheme === undefined || token === undefined) {
    if (!/^(bearer|dpop)\b/i.test(header)) return undefined
    throw new OAuthError('invalid_request', 'the Authorization header must be "Bearer" and the token')
  }
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token }
}
