import { checkRepeatedParameters } from '../parameters.js'
import type { ServerParts } from '../server-parts.js'
import type { AuthorizationRequest, AuthorizationRule } from './authorization-request.js'
import { checkAuthorizationDetails } from './check-authorization-details.js'
import { checkClaims } from './check-claims.js'
import { checkDpopJkt } from './check-dpop-jkt.js'
import { checkIdTokenHint } from './check-id-token-hint.js'
import { checkMaxAge } from './check-max-age.js'
import { checkNonce } from './check-nonce.js'
import { checkOpenId } from './check-openid.js'
import { checkPkce } from './check-pkce.js'
import { checkPrompt } from './check-prompt.js'
import { checkPushed } from './check-pushed.js'
import { checkResource } from './check-resource.js'
import { checkResponseMode } from './check-response-mode.js'
import { checkResponseType } from './check-response-type.js'
import { checkScope } from './check-scope.js'
import { checkSigned } from './check-signed.js'
import { refuseRequestObject } from './refuse-request-object.js'

type Endpoint = 'authorize' | 'par'

/** Every rule about authorization requests, in order, with the endpoints it holds for. The first that is broken is told. */
const RULES: ReadonlyArray<readonly [rule: AuthorizationRule, ...endpoints: Endpoint[]]> = [
  [({ params }) => checkRepeatedParameters(params), 'authorize', 'par'],
  [checkPushed, 'authorize'],
  [refuseRequestObject, 'authorize', 'par'],
  [checkSigned, 'authorize', 'par'],
  [checkResponseType, 'authorize', 'par'],
  [checkResponseMode, 'authorize', 'par'],
  [checkScope, 'authorize', 'par'],
  [checkOpenId, 'authorize', 'par'],
  [checkNonce, 'authorize', 'par'],
  [checkPkce, 'authorize', 'par'],
  [checkPrompt, 'authorize', 'par'],
  [checkMaxAge, 'authorize', 'par'],
  [checkClaims, 'authorize', 'par'],
  [checkResource, 'authorize', 'par'],
  [checkAuthorizationDetails, 'authorize', 'par'],
  [checkDpopJkt, 'authorize', 'par'],
  [checkIdTokenHint, 'authorize', 'par'],
]

/** @returns the request with everything that the rules found out; throws the OAuthError of the first rule that is broken */
export async function applyAuthorizationRules(
  request: AuthorizationRequest,
  server: ServerParts,
  endpoint: Endpoint,
): Promise<AuthorizationRequest> {
  let checked = request
  for (const [rule, ...endpoints] of RULES) {
    // One after the other: a rule may rest on what an earlier one found.
    if (endpoints.includes(endpoint)) checked = { ...checked, ...(await rule(checked, server)) }
  }
  return checked
}
