import { createError } from '../errors/create-error.js'
import { editDistance, mostSimilar } from '../errors/unknown-options.js'

// Loaded in development only. Nothing is computed when the module is loaded: bundlers would keep it.

const URLS =
  'authorization_endpoint token_endpoint jwks_uri userinfo_endpoint registration_endpoint revocation_endpoint introspection_endpoint ' +
  'end_session_endpoint check_session_iframe pushed_authorization_request_endpoint device_authorization_endpoint ' +
  'backchannel_authentication_endpoint mtls_endpoint_aliases service_documentation op_policy_uri op_tos_uri'
const LISTS =
  'scopes response_types response_modes grant_types acr_values subject_types display_values claim_types claims claims_locales ui_locales ' +
  'code_challenge_methods prompt_values authorization_details_types protected_resources backchannel_token_delivery_modes ' +
  'token_endpoint_auth_methods revocation_endpoint_auth_methods introspection_endpoint_auth_methods'
const ALGORITHMS =
  'id_token_signing_alg id_token_encryption_alg id_token_encryption_enc userinfo_signing_alg userinfo_encryption_alg userinfo_encryption_enc ' +
  'request_object_signing_alg request_object_encryption_alg request_object_encryption_enc authorization_signing_alg ' +
  'authorization_encryption_alg authorization_encryption_enc introspection_signing_alg dpop_signing_alg ' +
  'token_endpoint_auth_signing_alg revocation_endpoint_auth_signing_alg introspection_endpoint_auth_signing_alg'
const FLAGS =
  'claims_parameter request_parameter request_uri_parameter authorization_response_iss_parameter frontchannel_logout ' +
  'frontchannel_logout_session backchannel_logout backchannel_logout_session backchannel_user_code_parameter'
const OTHERS =
  'issuer jwks require_pushed_authorization_requests require_request_uri_registration require_signed_request_object ' +
  'tls_client_certificate_bound_access_tokens client_id_metadata_document_supported signed_metadata'

/** Registered members of server metadata. @see RFC 8414, section 7.1.2; OpenID Connect Discovery 1.0, section 3 */
function registeredNames(): readonly string[] {
  return [
    ...`${URLS} ${OTHERS}`.split(' '),
    ...`${LISTS} ${FLAGS}`.split(' ').map((name) => `${name}_supported`),
    ...ALGORITHMS.split(' ').map((name) => `${name}_values_supported`),
  ]
}

/**
 * Throws for a member of inline server metadata that looks like a misspelled registered one, such as `tokenEndpoint`. Servers may have
 * other members of their own.
 *
 * @throws ConfigurationError
 */
export function refuseUnknownMetadata(server: unknown): void {
  if (typeof server !== 'object' || server === null) return
  const known = registeredNames()
  for (const name of Object.keys(server)) {
    if (known.includes(name)) continue
    const similar = mostSimilar(name, known)
    if (similar === undefined || !isMisspelled(name, similar)) continue
    throw createError('configuration', `"server" has no member "${name}".`, {
      hint: `Did you mean "${similar}"?`,
      spec: 'RFC 8414, section 2',
    })
  }
}

/** Members of a server may be similar to registered ones: only another spelling of all words, or one letter, is a mistake. */
function isMisspelled(name: string, similar: string): boolean {
  return /[A-Z-]/.test(name) || editDistance(name, similar) <= 1
}
