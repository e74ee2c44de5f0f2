import type { Exchange, ServerParts } from '../server-parts.js'
import { RESPONSE_MODES } from '../checks/check-response-mode.js'

/** Server metadata, one document under both well-known names. @see RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3 */
export function metadata({ server }: Exchange): Promise<Response> {
  return Promise.resolve(Response.json(serverMetadata(server), { headers: { 'cache-control': 'public, max-age=300' } }))
}

/** @returns the document by its wire names */
export function serverMetadata(server: ServerParts): Record<string, unknown> {
  const { issuer, base, grants, keys } = server
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/userinfo`,
    jwks_uri: `${base}/jwks`,
    revocation_endpoint: `${base}/revoke`,
    end_session_endpoint: `${base}/end-session`,
    scopes_supported: [...new Set(grants.flatMap(({ scopes }) => scopes ?? server.scopes))],
    response_types_supported: grants.flatMap(({ responseTypes }) => responseTypes ?? []),
    response_modes_supported: RESPONSE_MODES,
    grant_types_supported: grants.flatMap(({ grantType }) => grantType ?? []),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: keys.algorithms,
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    revocation_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: grants.some(({ code }) => code?.allowPlain) ? ['S256', 'plain'] : ['S256'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid'],
    claims_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    authorization_response_iss_parameter_supported: true,
  }
}
