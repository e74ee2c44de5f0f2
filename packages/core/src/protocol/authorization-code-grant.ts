import { expectsIdToken, type ResponseExpectation } from './expectation.js'
import { setParameters, tokenParameters } from './parameters.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ServerRecord } from './server-metadata.js'
import { requestTokenSet } from './token-request.js'
import type { TokenSet } from './token-set.js'

/** Redeems an authorization code. @see RFC 6749, section 4.1.3; RFC 7636, section 4.5 */
export function authorizationCodeGrant(
  context: ProtocolContext,
  server: ServerRecord,
  code: string,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  const { redirectUri, codeVerifier, resources, expectedSubject: subject } = expectation
  const { compliance } = context.options
  const grantType = 'authorization_code'
  const parameters = new URLSearchParams()
  // RFC 8707, section 2.2. Many servers issue a token for one resource only, and refuse such a token at UserInfo.
  const { resourceWithCode = resources?.length === 1 && !expectsIdToken(expectation) } = context.options
  setParameters(parameters, {
    resource: resourceWithCode ? resources : undefined,
    ...tokenParameters(context.options, grantType),
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
  })
  return requestTokenSet(
    context,
    server,
    {
      grantType,
      parameters,
      secrets: [code, codeVerifier ?? ''],
      adaptRequest: compliance?.tokenRequest,
      adaptResponse: compliance?.tokenResponse,
    },
    { ...expectation, subject, requiresIdToken: expectsIdToken(expectation) },
  )
}
