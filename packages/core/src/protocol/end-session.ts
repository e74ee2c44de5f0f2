import { loadServer } from './load-server.js'
import { endpointUrl } from './oauth-parties.js'
import type { EndSessionInput, ProtocolContext } from './protocol.js'
import { setParameters } from './request-parameters.js'

/** The address that signs the person out at the server. See {@link Protocol.createEndSessionUrl}. */
export async function createEndSessionUrl(context: ProtocolContext, input: EndSessionInput): Promise<URL | undefined> {
  const { metadata } = await loadServer(context, { keys: false })
  if (metadata.end_session_endpoint === undefined) {
    return undefined
  }
  const url = endpointUrl(context, metadata, 'end_session_endpoint')
  const { parameters } = input
  setParameters(url.searchParams, {
    id_token_hint: input.idTokenHint,
    post_logout_redirect_uri: input.postLogoutRedirectUri,
    // Without a way back nobody would read it.
    state: input.postLogoutRedirectUri === undefined ? undefined : input.state,
    client_id: context.options.clientId,
    logout_hint: parameters.logoutHint,
    ui_locales: parameters.uiLocales,
    ...parameters.params,
  })
  return url
}
