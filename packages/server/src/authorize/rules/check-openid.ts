import { OAuthError } from '../../http/oauth-error.js'
import { words, type AuthorizationRequest, type Findings } from '../authorization-request.js'

/** An ID token is for requests whose scope has `openid`. @see OpenID Connect Core 1.0, section 3.1.2.1 */
export function checkOpenId({ scope, responseType }: AuthorizationRequest): Findings {
  if (!words(responseType).includes('id_token') || scope.includes('openid')) return
  throw new OAuthError('invalid_scope', '"openid" is missing from "scope", and the "response_type" asks for an ID token')
}
