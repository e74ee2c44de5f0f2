import type { ServerRecord } from './server-metadata.js'
import type { TokenSet } from './token-set.js'
import type { ResponseExpectation } from './expectation.js'
import { checkCodeResponse, isJwtMode, responseParameters } from './authorization-response.js'
import { asksForIdToken, redeemCode } from './code-flow.js'
import { loadServer } from './load-server.js'
import type { ProtocolContext } from './protocol.js'
import { withSessionState } from './with-session-state.js'

/** From the callback URL to the checked token set. See {@link Protocol.processAuthorizationResponse}. */
export async function processAuthorizationResponse(
  context: ProtocolContext,
  callbackUrl: URL,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
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
