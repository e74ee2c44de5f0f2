import { expectsIdToken, type ResponseExpectation } from './expectation.js'
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
  const { redirectUri, codeVerifier, expectedSubject: subject } = expectation
  const { compliance } = context.options
  const parameters = new URLSearchParams({ code, redirect_uri: redirectUri })
  if (codeVerifier !== undefined) parameters.set('code_verifier', codeVerifier)
  return requestTokenSet(
    context,
    server,
    {
      grantType: 'authorization_code',
      parameters,
      secrets: [code, codeVerifier ?? ''],
      adaptRequest: compliance?.tokenRequest,
      adaptResponse: compliance?.tokenResponse,
    },
    { ...expectation, subject, requiresIdToken: expectsIdToken(expectation) },
  )
}
