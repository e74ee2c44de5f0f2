import type { ResponseExpectation } from './expectation.js'
import { loadServer } from './load-server.js'
import { checkMovedCallback } from './moved-callback.js'
import type { ProtocolContext } from './protocol-context.js'
import { isAtRedirectUri } from './redirect-uri.js'

/**
 * Reads a response that is not in the query of the redirect URI as the request has it.
 *
 * @throws ValidationError issuer_mismatch at another address; what `readJwtAuthorizationResponse` refuses
 */
export async function unusualResponse(
  context: ProtocolContext,
  callbackUrl: URL,
  expectation: ResponseExpectation,
): Promise<URLSearchParams> {
  if (!isAtRedirectUri(callbackUrl, expectation.redirectUri))
    await checkMovedCallback(context, callbackUrl, expectation.redirectUri)
  const parameters = responseParameters(callbackUrl, expectation)
  if (!expectation.responseMode?.endsWith('jwt')) return parameters
  const server = await loadServer(context, { keys: true, freshAt: expectation.createdAt })
  const { readJwtAuthorizationResponse } = await (await context.load()).signedResponse()
  return readJwtAuthorizationResponse(context, server, parameters)
}

/**
 * The parameters of the authorization response, from the query or the fragment.
 * A server that cannot parse the request responds in the query, even if the fragment was requested.
 */
function responseParameters(callbackUrl: URL, { responseMode, responseType }: ResponseExpectation): URLSearchParams {
  const query = callbackUrl.searchParams
  const fragment = new URLSearchParams(callbackUrl.hash.slice(1))
  const mode = responseMode?.replace(/\.?jwt$/, '')
  const inFragment = mode ? mode === 'fragment' : /token/.test(responseType)
  const [expected, other] = inFragment ? [fragment, query] : [query, fragment]
  return !expected.has('state') && other.has('state') ? other : expected
}
