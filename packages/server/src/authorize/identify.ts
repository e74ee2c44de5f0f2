import type { ServerContext } from '../options/server-context.js'
import type { GrantSettings } from '../token/grants/grant-settings.js'
import type { AuthorizationRequest, RequestSource } from './authorization-request.js'
import { findClient } from './find-client.js'
import { findRedirectUri } from './find-redirect-uri.js'
import { orderedResponseType } from './response-type.js'
import { responseModeOf } from './rules/check-response-mode.js'

/**
 * Finds the client and the verified redirect URI. Errors here are shown to the user; later errors go to the client.
 *
 * @see RFC 6749, section 4.1.2.1; RFC 9700, section 4.11
 */
export async function identify(
  { params, isPushed, isSigned, client: known }: RequestSource,
  server: Pick<ServerContext, 'clients' | 'grants' | 'allowInsecureHttp'>,
): Promise<AuthorizationRequest> {
  const client = known ?? (await findClient(params, server))
  const redirectUri = findRedirectUri(params, client, server)
  const responseType = orderedResponseType(params.get('response_type'))
  const grant = server.grants.find((candidate) => servesResponseType(candidate, responseType))
  return {
    params,
    client,
    redirectUri,
    hasRedirectUri: params.get('redirect_uri') !== undefined,
    state: params.repeated.includes('state') ? undefined : params.get('state'),
    responseType,
    responseMode: responseModeOf(params.get('response_mode'), { responseType, grant }),
    grant,
    scope: [],
    prompt: [],
    maxAge: undefined,
    hintedSubject: undefined,
    claims: undefined,
    essentialAcr: [],
    resources: undefined,
    authorizationDetails: undefined,
    isPushed,
    isSigned,
  }
}

function servesResponseType(grant: GrantSettings, responseType: string): boolean {
  return grant.responseTypes?.some((served) => orderedResponseType(served) === responseType) ?? false
}
