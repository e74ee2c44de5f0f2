import { OAuthError } from '../../http/oauth-error.js'
import { words } from '../../token/scope.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** An ID token on the front channel needs a nonce. @see OpenID Connect Core 1.0, sections 3.2.2.1 and 3.3.2.11 */
export function checkNonce({ params, responseType }: AuthorizationRequest): Findings {
  if (!words(responseType).includes('id_token') || params.get('nonce') !== undefined) return
  throw new OAuthError('invalid_request', '"nonce" is missing: it is required for this "response_type"')
}
