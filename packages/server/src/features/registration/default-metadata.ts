import type { ProposedClient } from '../client-metadata-members.js'

/**
 * Returns client metadata with the defaults: the code grant without refresh tokens, and a secret.
 *
 * @see RFC 7591, section 2: `grant_types`, `response_types`, `token_endpoint_auth_method`
 */
export function withDefaults(proposed: ProposedClient): ProposedClient {
  const { grantTypes = ['authorization_code'], tokenEndpointAuthMethod = 'client_secret_basic' } = proposed
  const hasCodes = Array.isArray(grantTypes) && grantTypes.includes('authorization_code')
  const { responseTypes = hasCodes ? ['code'] : [] } = proposed
  return { ...proposed, grantTypes, responseTypes, tokenEndpointAuthMethod }
}
