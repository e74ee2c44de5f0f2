import { checkRepeatedParameters } from '../http/parameters.js'
import type { AuthorizationRequest, AuthorizationRule, AuthorizationServerContext } from './authorization-request.js'
import { checkAuthorizationDetails } from './rules/check-authorization-details.js'
import { checkClaims } from './rules/check-claims.js'
import { checkIdTokenHint } from './rules/check-id-token-hint.js'
import { checkMaxAge } from './rules/check-max-age.js'
import { checkNonce } from './rules/check-nonce.js'
import { checkOpenId } from './rules/check-openid.js'
import { checkPkce } from './rules/check-pkce.js'
import { checkPrompt } from './rules/check-prompt.js'
import { checkResource } from './rules/check-resource.js'
import { checkResponseMode } from './rules/check-response-mode.js'
import { checkResponseType } from './rules/check-response-type.js'
import { checkScope } from './rules/check-scope.js'
import { checkUnreadRequest } from './rules/check-unread-request.js'

/** The order decides which error a request gets that breaks several rules. */
function rulesOf({ earlyRules, lateRules }: AuthorizationServerContext): readonly AuthorizationRule[] {
  return [
    ({ params }) => checkRepeatedParameters(params),
    ...earlyRules,
    checkUnreadRequest,
    checkResponseType,
    checkResponseMode,
    checkScope,
    checkOpenId,
    checkNonce,
    checkPkce,
    checkPrompt,
    checkMaxAge,
    checkClaims,
    checkResource,
    checkAuthorizationDetails,
    ...lateRules,
    checkIdTokenHint,
  ]
}

/** Returns the request with everything that the rules add. Throws the OAuthError of the first rule that is broken. */
export async function applyRules(
  request: AuthorizationRequest,
  server: AuthorizationServerContext,
): Promise<AuthorizationRequest> {
  let checked = request
  for (const rule of rulesOf(server)) {
    // One after the other: a rule may need what an earlier one added.
    const found = rule(checked, server)
    if (found) checked = { ...checked, ...(await found) }
  }
  return checked
}
