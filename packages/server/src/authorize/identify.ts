import type { Grant } from '../token/grants/grant.js'
import type { ServerParts } from '../options/server-parts.js'
import type { AuthorizationRequest } from './authorization-request.js'
import { responseModeOf } from './rules/check-response-mode.js'
import { findClient } from './find-client.js'
import { findRedirectUri } from './find-redirect-uri.js'
import type { KeptRequest } from '../features/par/pushed-requests.js'
import { orderedResponseType } from './response-type.js'

/**
 * Finds out whom an answer may be sent to. What fails here is shown to the person; what fails later goes to the client.
 *
 * @see RFC 6749, section 4.1.2.1; RFC 9700, section 4.11
 */
export async function identifyRequest(
  { params, isPushed, isSigned }: KeptRequest,
  server: ServerParts,
): Promise<AuthorizationRequest> {
  const client = await findClient(params, server)
  const redirectUri = findRedirectUri(params, client)
  const responseType = orderedResponseType(params.get('response_type'))
  return {
    params,
    client,
    redirectUri,
    hasRedirectUri: params.get('redirect_uri') !== undefined,
    state: params.repeated.includes('state') ? undefined : params.get('state'),
    responseType,
    responseMode: responseModeOf(params.get('response_mode'), responseType),
    grant: server.grants.find((grant) => servesResponseType(grant, responseType)),
    scope: [],
    prompt: [],
    maxAge: undefined,
    hintedSubject: undefined,
    claims: undefined,
    essentialAcr: [],
    isPushed,
    isSigned,
  }
}

function servesResponseType(grant: Grant, responseType: string): boolean {
  return grant.responseTypes?.some((served) => orderedResponseType(served) === responseType) ?? false
}
