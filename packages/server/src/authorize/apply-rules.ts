import { checkRepeatedParameters } from '../http/parameters.js'
import type { ServerParts } from '../options/server-parts.js'
import type { AuthorizationRequest, AuthorizationRule } from './authorization-request.js'
import { checkAuthorizationDetails } from '../features/rar/check-authorization-details.js'
import { checkClaims } from './rules/check-claims.js'
import { checkDpopJkt } from '../features/dpop/check-dpop-jkt.js'
import { checkIdTokenHint } from './rules/check-id-token-hint.js'
import { checkMaxAge } from './rules/check-max-age.js'
import { checkNonce } from './rules/check-nonce.js'
import { checkOpenId } from './rules/check-openid.js'
import { checkPkce } from './rules/check-pkce.js'
import { checkPrompt } from './rules/check-prompt.js'
import { checkPushed } from '../features/par/check-pushed.js'
import { checkResource } from './rules/check-resource.js'
import { checkResponseMode } from './rules/check-response-mode.js'
import { checkResponseType } from './rules/check-response-type.js'
import { checkScope } from './rules/check-scope.js'
import { checkSigned } from '../features/jar/check-signed.js'
import { refuseRequestObject } from './rules/refuse-request-object.js'

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
