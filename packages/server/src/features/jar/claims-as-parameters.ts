import type { JWTPayload } from 'jose'
import { OAuthError } from '../../http/oauth-error.js'
import { REPEATABLE } from '../../http/parameters.js'

/** Claims about the JWT itself. @see RFC 7519, section 4.1 */
const OF_THE_JWT: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub'])

/**
 * @returns the authorization request that a request object holds: numbers as text, objects as JSON, lists of what may be repeated
 *   one by one
 * @throws OAuthError `invalid_request_object` for one inside another. @see RFC 9101, section 4
 */
export function claimsAsParameters(claims: JWTPayload): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(claims)) {
    if (name === 'request' || name === 'request_uri')
      throw new OAuthError('invalid_request_object', `"${name}" must not stand inside a request object`)
    if (OF_THE_JWT.has(name)) continue
    for (const text of valuesOf(name, value)) parameters.append(name, text)
  }
  return parameters
}

function valuesOf(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return [value]
  const isList = Array.isArray(value) && REPEATABLE.has(name) && value.every((one) => typeof one === 'string')
  return isList ? value : [JSON.stringify(value)]
}
