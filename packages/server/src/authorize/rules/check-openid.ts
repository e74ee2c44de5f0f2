import { OAuthError } from '../../http/oauth-error.js'
import { words } from '../../token/scope.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** An ID token needs `openid` in the scope. @see OpenID Connect Core 1.0, section 3.1.2.1 */
export function checkOpenId({ scope, responseType }: AuthorizationRequest): Findings {
  if (!words(responseType).includes('id_token') || scope.includes('openid')) return
  throw new OAuthError('invalid_scope', '"openid" is missing from "scope", and the "response_type" requests an ID token')
}
