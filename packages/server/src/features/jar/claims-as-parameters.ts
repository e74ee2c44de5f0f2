import type { JWTPayload } from 'jose'
import { OAuthError } from '../../http/oauth-error.js'
import { REPEATABLE } from '../../http/parameters.js'

/** Claims about the JWT itself. @see RFC 7519, section 4.1 */
const JWT_CLAIMS: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub'])

/**
 * Returns the authorization request in a request object: numbers as text, objects as JSON, a list of a repeatable parameter as
 * repeated parameters. Throws OAuthError `invalid_request_object` for a request object inside another. @see RFC 9101, section 4
 */
export function claimsAsParameters(claims: JWTPayload): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(claims)) {
    if (name === 'request' || name === 'request_uri')
      throw new OAuthError('invalid_request_object', `"${name}" must not be inside a request object`)
    if (JWT_CLAIMS.has(name)) continue
    for (const text of valuesOf(name, value)) parameters.append(name, text)
  }
  return parameters
}

function valuesOf(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return [value]
  const isList = Array.isArray(value) && REPEATABLE.has(name) && value.every((item) => typeof item === 'string')
  return isList ? value : [JSON.stringify(value)]
}
