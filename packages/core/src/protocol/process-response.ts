import type { ServerRecord } from './server-metadata.js'
import type { TokenSet } from './token-set.js'
import type { ResponseExpectation } from './expectation.js'
import { checkCodeResponse, isJwtMode, responseParameters } from './authorization-response.js'
import { asksForIdToken, redeemCode } from './code-flow.js'
import { loadServer } from './load-server.js'
import type { ProtocolContext } from './protocol-context.js'
import { withClientErrors } from './protocol-errors.js'
import { withSessionState } from './with-session-state.js'

/**
 * Validates the authorization response (RFC 6749 section 4.1.2, RFC 9207 section 2.4), redeems the code, and checks the token response
 * and the ID token in full. Makes one request if metadata and keys are stored.
 */
export function processAuthorizationResponse(
  context: ProtocolContext,
  callbackUrl: URL,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  return withClientErrors(() => processResponse(context, callbackUrl, expectation))
}

async function processResponse(context: ProtocolContext, callbackUrl: URL, expectation: ResponseExpectation): Promise<TokenSet> {
  const isJwt = isJwtMode(expectation)
  const server = await loadServer(context, { keys: isJwt || asksForIdToken(expectation), freshAt: expectation.createdAt })
  let parameters = responseParameters(callbackUrl, expectation)
  if (isJwt) {
    const { readJwtResponse } = await import('./jwt-response.js')
    parameters = await readJwtResponse(context, server, parameters)
  }
  return withSessionState(await tokenSetFrom(context, server, parameters, expectation), parameters)
}

async function tokenSetFrom(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  if (expectation.responseType !== 'code') {
    const { processFrontChannel } = await import('./front-channel.js')
    return processFrontChannel(context, server, parameters, expectation)
  }
  return redeemCode(context, server, checkCodeResponse(context, server.metadata, parameters, expectation), expectation)
}
