import { endpointUrl } from './endpoint-url.js'
import { loadServer } from './load-server.js'
import { setParameters } from './endpoint-request.js'
import type { ProtocolContext } from './protocol-context.js'
import type { EndSessionParameters } from './protocol-options.js'

/** One request to the end session endpoint. */
export interface EndSessionInput {
  readonly parameters: EndSessionParameters
  readonly state: string | undefined
  readonly idTokenHint: string | undefined
  readonly postLogoutRedirectUri: string | undefined
}

/**
 * Builds the URL that signs the user out at the authorization server.
 *
 * @returns undefined if the server has no `end_session_endpoint`
 * @see OpenID Connect RP-Initiated Logout 1.0, section 2
 */
export async function createEndSessionUrl(context: ProtocolContext, input: EndSessionInput): Promise<URL | undefined> {
  const { metadata } = await loadServer(context, { keys: false })
  if (metadata.end_session_endpoint === undefined) return undefined
  const url = endpointUrl(context, metadata, 'end_session_endpoint')
  const { parameters } = input
  setParameters(url.searchParams, {
    id_token_hint: input.idTokenHint,
    post_logout_redirect_uri: input.postLogoutRedirectUri,
    // Without a redirect no page would read it.
    state: input.postLogoutRedirectUri === undefined ? undefined : input.state,
    client_id: context.options.clientId,
    logout_hint: parameters.logoutHint,
    ui_locales: parameters.uiLocales,
    ...parameters.params,
  })
  return (await context.options.compliance?.endSessionRequest?.(url)) ?? url
}
