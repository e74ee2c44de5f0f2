import { AUTH_METHODS } from '../../token/client-authentication/authenticate-client.js'
import { orderedResponseType } from '../../authorize/response-type.js'
import { HMAC_ALGORITHMS } from '../../token/client-authentication/client-key.js'
import { OAuthError } from '../../http/oauth-error.js'
import { REQUEST_OBJECT_ALGORITHMS } from '../jar/read-request-object.js'
import { SCOPE_SYNTAX } from '../../token/scope.js'
import type { ServerParts } from '../../options/server-parts.js'
import { ASSERTION_ALGORITHMS } from '../../token/assertion.js'
import { isAllowedUri, isLoopback, isWebAddress } from './allowed-uri.js'

/** Client metadata as somebody sent it, by our names. */
export type ProposedClient = Readonly<Record<string, unknown>>

/** One rule about client metadata. */
type MetadataRule = (client: ProposedClient, server: ServerParts) => void

/** Every rule about client metadata that comes from outside, in order. @see RFC 7591, sections 2 and 5 */
const RULES: readonly MetadataRule[] = [
  checkTypes,
  checkValues,
  checkRedirectUris,
  checkGrants,
  checkAuthMethod,
  checkKeys,
  checkAlgorithms,
  checkLogoutUris,
  checkDeliveryMode,
  checkRequestObjects,
  checkRequestUris,
  checkDetailsTypes,
]

/** @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`. @see RFC 7591, section 3.2.2 */
export function checkClientMetadata(client: ProposedClient, server: ServerParts): void {
  for (const rule of RULES) rule(client, server)
}

const TEXTS = [
  'clientName',
  'scope',
  'tokenEndpointAuthMethod',
  'tokenEndpointAuthSigningAlg',
  'idTokenSignedResponseAlg',
  'jwksUri',
  'requestObjectSigningAlg',
]
const LISTS = [
  'redirectUris',
  'postLogoutRedirectUris',
  'grantTypes',
  'responseTypes',
  'requestUris',
  'authorizationDetailsTypes',
]
const FLAGS = ['requireSignedRequestObject', 'requirePushedAuthorizationRequests', 'dpopBoundAccessTokens']

function checkTypes(client: ProposedClient): void {
  for (const name of TEXTS)
    if (client[name] !== undefined && typeof client[name] !== 'string') throw invalid(`${name} must be a string`)
  for (const name of LISTS)
    if (client[name] !== undefined && !isTextList(client[name])) throw invalid(`${name} must be a list of strings`)
  for (const name of FLAGS)
    if (client[name] !== undefined && typeof client[name] !== 'boolean') throw invalid(`${name} must be true or false`)
}

/** @see OpenID Connect Dynamic Client Registration 1.0, section 2; RFC 6749, section 3.3 */
function checkValues({ scope, applicationType, defaultMaxAge }: ProposedClient): void {
  if (typeof scope === 'string' && !SCOPE_SYNTAX.test(scope))
    throw invalid('"scope" must be scope names with single spaces between them')
  if (applicationType !== undefined && applicationType !== 'web' && applicationType !== 'native')
    throw invalid('"application_type" must be "web" or "native"')
  if (defaultMaxAge !== undefined && !(Number.isSafeInteger(defaultMaxAge) && Number(defaultMaxAge) >= 0))
    throw invalid('"default_max_age" must be whole seconds from 0 on')
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 50 && value.every((item) => typeof item === 'string' && item.length <= 2000)
}

function checkRedirectUris({ redirectUris, postLogoutRedirectUris, applicationType }: ProposedClient): void {
  const uris = isTextList(redirectUris) ? redirectUris : []
  const all = [...uris, ...(isTextList(postLogoutRedirectUris) ? postLogoutRedirectUris : [])]
  for (const uri of all) {
    // RFC 3986, section 2: a URI is ASCII; compared as text, what a browser writes differently would never fit.
    if (!/^[\x21-\x7e]+$/.test(uri) || !isAllowedUri(uri, applicationType)) {
      throw new OAuthError(
        'invalid_redirect_uri',
        'redirect URIs must be https, http on loopback, or a private scheme of a native client',
      )
    }
  }
}

function checkGrants({ grantTypes, responseTypes, redirectUris }: ProposedClient, { grants }: ServerParts): void {
  const known = new Set(grants.flatMap(({ grantType }) => grantType ?? []))
  const types = isTextList(grantTypes) ? grantTypes : []
  if (!types.every((type) => known.has(type))) throw invalid('a grant type is not supported')
  // RFC 7591, section 2.1: what it may do at the two endpoints belongs together.
  const own = grants.filter(({ grantType }) => grantType === undefined || types.includes(grantType))
  const served = new Set(own.flatMap((grant) => grant.responseTypes?.map(orderedResponseType) ?? []))
  if (isTextList(responseTypes) && !responseTypes.every((type) => served.has(orderedResponseType(type))))
    throw invalid('a response type is not supported, or none of the grant types goes with it')
  const needsRedirect = types.some((type) => type === 'authorization_code' || type === 'implicit')
  if (needsRedirect && !(isTextList(redirectUris) && redirectUris.length > 0)) {
    throw new OAuthError('invalid_redirect_uri', '"redirect_uris" is missing')
  }
}

function checkAuthMethod({ tokenEndpointAuthMethod: method }: ProposedClient): void {
  if (method !== undefined && !AUTH_METHODS.some((known) => known === method))
    throw invalid('"token_endpoint_auth_method" is not supported')
}

function checkKeys({ tokenEndpointAuthMethod: method, jwks, jwksUri }: ProposedClient, { issuer }: ServerParts): void {
  if (jwks !== undefined && jwksUri !== undefined) throw invalid('"jwks" and "jwks_uri" must not both be there')
  if (method === 'private_key_jwt' && jwks === undefined && jwksUri === undefined)
    throw invalid('"private_key_jwt" needs "jwks" or "jwks_uri"')
  if (jwks !== undefined && !isKeySet(jwks)) throw invalid('"jwks" must be a set of public keys')
  if (typeof jwksUri === 'string' && !isReachable(jwksUri, issuer))
    throw invalid('"jwks_uri" must be https, or http on loopback for a server on loopback')
}

function isKeySet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return false
  return value.keys.every(
    (key: unknown) => typeof key === 'object' && key !== null && 'kty' in key && !('d' in key) && !('k' in key),
  )
}

function checkAlgorithms(client: ProposedClient, { keys }: ServerParts): void {
  const { idTokenSignedResponseAlg, userinfoSignedResponseAlg, tokenEndpointAuthSigningAlg: authAlg } = client
  if (typeof authAlg === 'string' && !isAuthAlgorithm(authAlg, client['tokenEndpointAuthMethod']))
    throw invalid('"token_endpoint_auth_signing_alg" does not fit "token_endpoint_auth_method"')
  for (const alg of [idTokenSignedResponseAlg, userinfoSignedResponseAlg]) {
    if (alg !== undefined && !keys.algorithms.some((known) => known === alg))
      throw invalid('a signing algorithm is not supported')
  }
}

function isAuthAlgorithm(alg: string, method: unknown): boolean {
  const isHmac = /^HS(256|384|512)$/.test(alg)
  if (method === 'client_secret_jwt') return isHmac
  return ASSERTION_ALGORITHMS.includes(alg) || (isHmac && method !== 'private_key_jwt')
}

function checkLogoutUris({ backchannelLogoutUri, frontchannelLogoutUri }: ProposedClient, { issuer }: ServerParts): void {
  for (const uri of [backchannelLogoutUri, frontchannelLogoutUri]) {
    if (uri !== undefined && !(typeof uri === 'string' && isWebAddress(uri)))
      throw invalid('logout URIs must be https, or http on loopback')
  }
  if (typeof backchannelLogoutUri === 'string' && !isReachable(backchannelLogoutUri, issuer))
    throw invalid('"backchannel_logout_uri" must not be on loopback: this server is not')
}

/** This server will ask there itself: a stranger must not point it at what only its own machine can reach. */
function isReachable(uri: string, issuer: string): boolean {
  return isWebAddress(uri) && (!isLoopback(uri) || isLoopback(issuer))
}

/** @see OpenID Connect CIBA Core 1.0, section 4 */
function checkDeliveryMode({ backchannelTokenDeliveryMode: mode }: ProposedClient): void {
  if (mode !== undefined && mode !== 'poll') throw invalid('"backchannel_token_delivery_mode" must be "poll"')
}

/** @see RFC 9101, section 10.5; OpenID Connect Dynamic Client Registration 1.0, section 2: `request_object_signing_alg` */
function checkRequestObjects(client: ProposedClient): void {
  const { requestObjectSigningAlg: alg, requireSignedRequestObject, tokenEndpointAuthMethod: method, jwks, jwksUri } = client
  if (alg === undefined && requireSignedRequestObject !== true) return
  if (alg !== undefined && !REQUEST_OBJECT_ALGORITHMS.some((known) => known === alg))
    throw invalid('"request_object_signing_alg" is not supported')
  // The secret of every other method is kept as its digest, with which no signature can be checked.
  const isSymmetric = HMAC_ALGORITHMS.some((known) => known === alg)
  const hasKey = isSymmetric ? method === 'client_secret_jwt' : jwks !== undefined || jwksUri !== undefined
  if (!hasKey) throw invalid('signed requests need "jwks" or "jwks_uri", or, with the secret, "client_secret_jwt"')
}

/** This server will ask there: a stranger must not point it at what only its own machine can reach. @see RFC 9101, section 10.4 */
function checkRequestUris({ requestUris }: ProposedClient, { issuer }: ServerParts): void {
  const uris = isTextList(requestUris) ? requestUris : []
  const isAllowed = (uri: string): boolean => isWebAddress(uri.replace(/#.*$/, '')) && (!isLoopback(uri) || isLoopback(issuer))
  if (!uris.every(isAllowed)) throw invalid('"request_uris" must be https, or http on loopback for a server on loopback')
}

/** @see RFC 9396, section 10 */
function checkDetailsTypes({ authorizationDetailsTypes: types }: ProposedClient, server: ServerParts): void {
  const isKnown = (type: string): boolean => Object.hasOwn(server.authorizationDetailsTypes, type)
  if (isTextList(types) && !types.every(isKnown)) throw invalid('a type of authorization details is not supported')
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description)
}
