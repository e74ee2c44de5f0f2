import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationRequest, Findings } from '../../authorize/authorization-request.js'

/** Checks the syntax of `dpop_jkt`: a JWK thumbprint with SHA-256. @see RFC 9449, section 10 */
export function checkDpopJkt({ params }: AuthorizationRequest): Findings {
  const jkt = params.get('dpop_jkt')
  if (jkt === undefined || /^[A-Za-z0-9_-]{43}$/.test(jkt)) return
  throw new OAuthError('invalid_request', '"dpop_jkt" must be the base64url SHA-256 thumbprint of a key')
}
