import type { ClientRecord } from '../../storage/client-record.js'
import type { ClientMetadataMember } from '../client-metadata-members.js'
import type { FeatureServer } from '../feature.js'

/** Members that every server knows. @see RFC 7591, section 2; OpenID Connect Dynamic Client Registration 1.0, section 2 */
const MEMBERS: Readonly<Record<string, ClientMetadataMember>> = {
  clientId: { wireName: 'client_id', type: 'any' },
  clientName: { wireName: 'client_name', type: 'text' },
  redirectUris: { wireName: 'redirect_uris', type: 'texts' },
  postLogoutRedirectUris: { wireName: 'post_logout_redirect_uris', type: 'texts' },
  scope: { wireName: 'scope', type: 'text' },
  grantTypes: { wireName: 'grant_types', type: 'texts' },
  responseTypes: { wireName: 'response_types', type: 'texts' },
  tokenEndpointAuthMethod: { wireName: 'token_endpoint_auth_method', type: 'text' },
  tokenEndpointAuthSigningAlg: { wireName: 'token_endpoint_auth_signing_alg', type: 'text' },
  idTokenSignedResponseAlg: { wireName: 'id_token_signed_response_alg', type: 'text' },
  userinfoSignedResponseAlg: { wireName: 'userinfo_signed_response_alg', type: 'any' },
  applicationType: { wireName: 'application_type', type: 'any' },
  defaultMaxAge: { wireName: 'default_max_age', type: 'any' },
  jwks: { wireName: 'jwks', type: 'any' },
  jwksUri: { wireName: 'jwks_uri', type: 'text' },
}

type MetadataServer = Pick<FeatureServer, 'clientMetadata'>

/** Returns all members that this server knows, those of its features included. */
export function membersOf({ clientMetadata }: MetadataServer): ReadonlyArray<readonly [string, ClientMetadataMember]> {
  return [MEMBERS, ...clientMetadata.map(({ members }) => members)].flatMap((members) => Object.entries(members))
}

/** Returns the known members of client metadata by the names of `ClientRecord`; others, and an empty scope, are ignored (RFC 7591, section 2). */
export function fromWire(metadata: Readonly<Record<string, unknown>>, server: MetadataServer): Record<string, unknown> {
  const present = membersOf(server)
    .map(([name, { wireName }]) => [name, metadata[wireName]] as const)
    .filter(([name, value]) => value !== undefined && value !== null && !(name === 'scope' && value === ''))
  return Object.fromEntries(present)
}

/** Returns client metadata by its wire names, without the secret. */
export function toWire(client: ClientRecord, server: MetadataServer): Record<string, unknown> {
  return Object.fromEntries(membersOf(server).map(([name, { wireName }]) => [wireName, client[name]]))
}
