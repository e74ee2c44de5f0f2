import type { ClientRecord } from '../../storage/client-store.js'

/** Wire name by our name. @see RFC 7591, section 2; OpenID Connect Dynamic Client Registration 1.0, section 2 */
const WIRE_NAMES: Readonly<Record<string, string>> = {
  clientId: 'client_id',
  clientName: 'client_name',
  redirectUris: 'redirect_uris',
  postLogoutRedirectUris: 'post_logout_redirect_uris',
  scope: 'scope',
  grantTypes: 'grant_types',
  responseTypes: 'response_types',
  tokenEndpointAuthMethod: 'token_endpoint_auth_method',
  tokenEndpointAuthSigningAlg: 'token_endpoint_auth_signing_alg',
  idTokenSignedResponseAlg: 'id_token_signed_response_alg',
  userinfoSignedResponseAlg: 'userinfo_signed_response_alg',
  applicationType: 'application_type',
  defaultMaxAge: 'default_max_age',
  jwks: 'jwks',
  jwksUri: 'jwks_uri',
  dpopBoundAccessTokens: 'dpop_bound_access_tokens',
  requirePushedAuthorizationRequests: 'require_pushed_authorization_requests',
  requestUris: 'request_uris',
  requestObjectSigningAlg: 'request_object_signing_alg',
  requireSignedRequestObject: 'require_signed_request_object',
  authorizationDetailsTypes: 'authorization_details_types',
  backchannelLogoutUri: 'backchannel_logout_uri',
  frontchannelLogoutUri: 'frontchannel_logout_uri',
  backchannelTokenDeliveryMode: 'backchannel_token_delivery_mode',
}

/** @returns the members of client metadata that this server knows, by our names; others are left out (RFC 7591, section 2) */
export function fromWire(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = Object.entries(WIRE_NAMES).filter(([, wire]) => metadata[wire] !== undefined && metadata[wire] !== null)
  return Object.fromEntries(known.map(([name, wire]) => [name, metadata[wire]]))
}

/** @returns client metadata by its wire names; never the secret */
export function toWire(client: ClientRecord): Record<string, unknown> {
  const known = Object.entries(WIRE_NAMES).filter(([name]) => client[name] !== undefined)
  return Object.fromEntries(known.map(([name, wire]) => [wire, client[name]]))
}
