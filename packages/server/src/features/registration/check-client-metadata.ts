import { orderedResponseType } from '../../authorize/response-type.js'
import { OAuthError } from '../../http/oauth-error.js'
import { ASSERTION_ALGORITHMS } from '../../token/assertion.js'
import { AUTH_METHODS } from '../../token/client-authentication/authenticate-client.js'
import { SCOPE_SYNTAX } from '../../token/scope.js'
import { isAllowedUri, isReachable } from '../allowed-uri.js'
import type { ClientMetadataMember, ProposedClient } from '../client-metadata-members.js'
import type { FeatureServer } from '../feature.js'
import { isTextList } from '../is-text-list.js'
import { membersOf } from './client-metadata.js'

/** One rule about client metadata. Throws OAuthError. */
type MetadataRule = (client: ProposedClient, server: FeatureServer) => void

/** All rules about client metadata from outside, in order. @see RFC 7591, sections 2 and 5 */
const RULES: readonly MetadataRule[] = [
  checkTypes,
  checkValues,
  checkRedirectUris,
  checkGrants,
  checkAuthMethod,
  checkKeys,
  checkAlgorithms,
  checkFeatures,
]

/** Throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`. @see RFC 7591, section 3.2.2 */
export function checkClientMetadata(client: ProposedClient, server: FeatureServer): void {
  for (const rule of RULES) rule(client, server)
}

const TYPES: Readonly<Record<ClientMetadataMember['type'], readonly [fits: (value: unknown) => boolean, expected: string]>> = {
  text: [(value) => typeof value === 'string', 'a string'],
  texts: [isTextList, 'a list of strings'],
  flag: [(value) => typeof value === 'boolean', 'true or false'],
  any: [() => true, ''],
}

function checkTypes(client: ProposedClient, server: FeatureServer): void {
  for (const [name, { type }] of membersOf(server)) {
    const [fits, expected] = TYPES[type]
    if (client[name] !== undefined && !fits(client[name])) throw invalidMetadata(`${name} must be ${expected}`)
  }
}

/** @see OpenID Connect Dynamic Client Registration 1.0, section 2; RFC 6749, section 3.3 */
function checkValues({ scope, applicationType, defaultMaxAge }: ProposedClient): void {
  if (typeof scope === 'string' && !SCOPE_SYNTAX.test(scope))
    throw invalidMetadata('"scope" must be scope names with single spaces between them')
  if (applicationType !== undefined && applicationType !== 'web' && applicationType !== 'native')
    throw invalidMetadata('"application_type" must be "web" or "native"')
  if (defaultMaxAge !== undefined && !(Number.isSafeInteger(defaultMaxAge) && Number(defaultMaxAge) >= 0))
    throw invalidMetadata('"default_max_age" must be whole seconds from 0')
}

/** The pages of this server. */
const PAGES = ['/authorize', '/end-session', '/device', '/approve'] as const

function checkRedirectUris(
  { redirectUris, postLogoutRedirectUris, applicationType }: ProposedClient,
  server: Pick<FeatureServer, 'urlOf'>,
): void {
  const pages = PAGES.map((path) => server.urlOf(path))
  for (const uri of [redirectUris, postLogoutRedirectUris].flatMap((uris) => (isTextList(uris) ? uris : []))) {
    if (!isAllowedUri(uri, applicationType)) {
      throw new OAuthError(
        'invalid_redirect_uri',
        'redirect URIs must be https, http on loopback, or a private scheme of a native client',
      )
    }
    // The user would see the host of this server, as if the operator had made the client.
    const { origin, pathname } = new URL(uri)
    if (pages.includes(origin + pathname))
      throw new OAuthError('invalid_redirect_uri', 'redirect URIs must not be pages of this server')
  }
}

function checkGrants({ grantTypes, responseTypes, redirectUris }: ProposedClient, { grants }: FeatureServer): void {
  const known = new Set(grants.flatMap(({ grantType }) => grantType ?? []))
  const types = isTextList(grantTypes) ? grantTypes : []
  if (!types.every((type) => known.has(type))) throw invalidMetadata('a grant type is not supported')
  // RFC 7591, section 2.1: each response type belongs to a grant type.
  const allowed = grants.filter(({ grantType }) => grantType === undefined || types.includes(grantType))
  const served = new Set(allowed.flatMap((grant) => grant.responseTypes?.map(orderedResponseType) ?? []))
  if (isTextList(responseTypes) && !responseTypes.every((type) => served.has(orderedResponseType(type))))
    throw invalidMetadata('a response type is not supported, or belongs to none of the grant types')
  const needsRedirect = types.some((type) => type === 'authorization_code' || type === 'implicit')
  if (needsRedirect && !(isTextList(redirectUris) && redirectUris.length > 0))
    throw new OAuthError('invalid_redirect_uri', '"redirect_uris" is missing')
}

function checkAuthMethod({ tokenEndpointAuthMethod: method }: ProposedClient): void {
  if (method !== undefined && !AUTH_METHODS.some((known) => known === method))
    throw invalidMetadata('"token_endpoint_auth_method" is not supported')
}

function checkKeys({ tokenEndpointAuthMethod: method, jwks, jwksUri }: ProposedClient, server: FeatureServer): void {
  if (jwks !== undefined && jwksUri !== undefined) throw invalidMetadata('"jwks" and "jwks_uri" must not be used together')
  if (method === 'private_key_jwt' && jwks === undefined && jwksUri === undefined)
    throw invalidMetadata('"private_key_jwt" needs "jwks" or "jwks_uri"')
  if (jwks !== undefined && !isPublicKeySet(jwks)) throw invalidMetadata('"jwks" must be a set of public keys')
  if (typeof jwksUri === 'string' && !isReachable(jwksUri, server))
    throw invalidMetadata('"jwks_uri" must be https and not lead to a private network')
}

function isPublicKeySet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return false
  return value.keys.every(
    (key: unknown) => typeof key === 'object' && key !== null && 'kty' in key && !('d' in key) && !('k' in key),
  )
}

function checkAlgorithms(client: ProposedClient, { keys }: FeatureServer): void {
  const { idTokenSignedResponseAlg, userinfoSignedResponseAlg, tokenEndpointAuthSigningAlg: authAlg } = client
  if (typeof authAlg === 'string' && !isAuthAlgorithm(authAlg, client['tokenEndpointAuthMethod']))
    throw invalidMetadata('"token_endpoint_auth_signing_alg" does not fit "token_endpoint_auth_method"')
  for (const alg of [idTokenSignedResponseAlg, userinfoSignedResponseAlg]) {
    if (alg !== undefined && !keys.algorithms.some((known) => known === alg))
      throw invalidMetadata('a signing algorithm is not supported')
  }
}

function isAuthAlgorithm(alg: string, method: unknown): boolean {
  const isHmac = /^HS(256|384|512)$/.test(alg)
  if (method === 'client_secret_jwt') return isHmac
  return ASSERTION_ALGORITHMS.includes(alg) || (isHmac && method !== 'private_key_jwt')
}

function checkFeatures(client: ProposedClient, server: FeatureServer): void {
  for (const { check } of server.clientMetadata) check?.(client, server)
}

function invalidMetadata(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description)
}
