import { AUTH_METHODS, HMAC_ALGORITHMS } from '../token/client-authentication/authenticate-client.js'
import { DPOP_ALGORITHMS } from '../features/dpop/check-dpop-proof.js'
import { REQUEST_OBJECT_ALGORITHMS } from '../features/jar/read-request-object.js'
import { ASSERTION_ALGORITHMS } from '../token/assertion.js'
import { STANDARD_CLAIMS } from '../token/granted-claims.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'
import { RESPONSE_MODES } from '../authorize/rules/check-response-mode.js'

/** Server metadata, one document under both well-known names. @see RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3 */
export function metadata({ server }: Exchange): Promise<Response> {
  return Promise.resolve(Response.json(serverMetadata(server), { headers: { 'cache-control': 'public, max-age=300' } }))
}

/** @returns the document by its wire names */
export function serverMetadata(server: ServerParts): Record<string, unknown> {
  const { issuer, grants, keys, acrValues, requirePushedAuthorizationRequests } = server
  return {
    issuer,
    ...endpoints(server),
    scopes_supported: [...new Set(grants.flatMap(({ scopes }) => scopes ?? server.scopes))],
    response_types_supported: grants.flatMap(({ responseTypes }) => responseTypes ?? []),
    response_modes_supported: RESPONSE_MODES,
    grant_types_supported: [...new Set(grants.flatMap(({ grantType }) => grantType ?? []))],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: keys.algorithms,
    userinfo_signing_alg_values_supported: keys.algorithms,
    authorization_signing_alg_values_supported: keys.algorithms,
    ...clientAuthentication('token', 'revocation', 'introspection'),
    code_challenge_methods_supported: grants.some(({ code }) => code?.allowPlain) ? ['S256', 'plain'] : ['S256'],
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid', ...STANDARD_CLAIMS],
    claims_parameter_supported: true,
    ...requestObjects(server),
    require_pushed_authorization_requests: requirePushedAuthorizationRequests,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    ...backchannelAuthentication(server),
    ...detailsTypes(server),
    ...(acrValues.length === 0 ? {} : { acr_values_supported: acrValues }),
  }
}

/** @see OpenID Connect CIBA Core 1.0, section 4 */
function backchannelAuthentication({ base, grants }: ServerParts): Record<string, unknown> {
  const settings = grants.find(({ ciba }) => ciba)?.ciba
  if (!settings) return {}
  return {
    backchannel_authentication_endpoint: `${base}/backchannel_authentication`,
    backchannel_token_delivery_modes_supported: ['poll'],
    backchannel_user_code_parameter_supported: settings.checkUserCode !== undefined,
  }
}

/** @see RFC 9101, section 9; OpenID Connect Discovery 1.0, section 3 */
function requestObjects({ requestObjects: { byValue, byReference, required } }: ServerParts): Record<string, unknown> {
  return {
    request_parameter_supported: byValue,
    request_uri_parameter_supported: byReference,
    require_request_uri_registration: byReference,
    require_signed_request_object: required,
    ...(byValue || byReference ? { request_object_signing_alg_values_supported: REQUEST_OBJECT_ALGORITHMS } : {}),
  }
}

/** @see RFC 9396, section 10 */
function detailsTypes({ authorizationDetailsTypes }: ServerParts): Record<string, unknown> {
  const types = Object.keys(authorizationDetailsTypes)
  return types.length === 0 ? {} : { authorization_details_types_supported: types }
}

/** What clients authenticate with is the same everywhere. @see RFC 8414, section 2 */
function clientAuthentication(...endpointNames: readonly string[]): Record<string, unknown> {
  const algorithms = [...HMAC_ALGORITHMS, ...ASSERTION_ALGORITHMS]
  const members = endpointNames.flatMap((name) => [
    [`${name}_endpoint_auth_methods_supported`, AUTH_METHODS],
    [`${name}_endpoint_auth_signing_alg_values_supported`, algorithms],
  ])
  return Object.fromEntries(members)
}

function endpoints({ base, grants, registration }: ServerParts): Record<string, string> {
  return {
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/userinfo`,
    jwks_uri: `${base}/jwks`,
    revocation_endpoint: `${base}/revoke`,
    introspection_endpoint: `${base}/introspect`,
    pushed_authorization_request_endpoint: `${base}/par`,
    end_session_endpoint: `${base}/end-session`,
    ...(grants.some(({ device }) => device) ? { device_authorization_endpoint: `${base}/device_authorization` } : {}),
    ...(registration ? { registration_endpoint: `${base}/register` } : {}),
  }
}
