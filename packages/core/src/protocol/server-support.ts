import type { ComplianceHooks } from './compliance.js'
import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { isRecord } from '../platform/is-record.js'
import type { ClientAuthentication } from './client-authentication.js'
import { expectsIdToken } from './expectation.js'
import { signingAlgorithm } from './id-token.js'
import { hasKeys, missingKeys } from './load-server.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'

/**
 * Refuses a request that the server cannot handle according to its metadata: an error here explains more than the server's error page.
 * Whatever the metadata does not list is allowed, and so are values that many servers support without listing them: "none" as client
 * authentication, the refresh token grant, scope values (RFC 8414, section 2), and `acr_values`, which are voluntary.
 *
 * @throws ConfigurationError unsupported; configuration if the keys to check the response with are missing
 * @see RFC 8414, section 2
 */
export function checkServerSupport(metadata: ServerMetadata, query: URLSearchParams, options: ProtocolOptions): void {
  const mode = query.get('response_mode') ?? undefined
  refuseUnreadableMode(mode)
  const responseTypes = metadata.response_types_supported?.map(sortedWords)
  const responseType = query.get('response_type') ?? undefined
  check(responseTypes, responseType && sortedWords(responseType), 'response type')
  check(metadata.response_modes_supported, mode, 'response mode')
  checkSignedResponses(metadata, query, options)
  if (responseType?.includes('code')) {
    check(metadata.grant_types_supported, 'authorization_code', 'grant')
    checkClientAuthentication(metadata, options)
  }
  check(metadata.code_challenge_methods_supported, query.get('code_challenge_method') ?? undefined, 'PKCE method')
  checkOptionalParameters(metadata, query)
}

function checkOptionalParameters(metadata: ServerMetadata, query: URLSearchParams): void {
  checkAuthorizationDetails(metadata, query.get('authorization_details'))
  const isWithoutClaims = query.has('claims') && metadata['claims_parameter_supported'] === false
  refuse(isWithoutClaims, 'does not support the parameter "claims"', 'OpenID Connect Discovery 1.0, section 3')
  const prompts = metadata['prompt_values_supported']
  for (const prompt of query.get('prompt')?.split(' ') ?? [])
    check(Array.isArray(prompts) ? prompts : undefined, prompt, 'prompt')
}

/** Signatures are checked with the client's algorithm only, so the server must support it. */
function checkSignedResponses(metadata: ServerMetadata, query: URLSearchParams, options: ProtocolOptions): void {
  const isJwt = query.get('response_mode')?.endsWith('jwt') === true
  const isOpenId = expectsIdToken({ scope: query.get('scope') ?? '', responseType: query.get('response_type') ?? '' })
  if ((isJwt || isOpenId) && !hasKeys(metadata)) throw missingKeys()
  if (isJwt) {
    const algorithm = options.authorizationSignedResponseAlg ?? 'RS256'
    checkAlgorithm(metadata, 'authorization', algorithm, 'Give one in "authorizationSignedResponseAlg"')
  }
  if (isOpenId) checkAlgorithm(metadata, 'id_token', signingAlgorithm(options), 'Give one in "idTokenSignedResponseAlg"')
}

/** @param hint what to do, as the beginning of a sentence */
export function checkAlgorithm(
  metadata: ServerMetadata,
  use: 'authorization' | 'dpop' | 'id_token' | 'request_object',
  algorithm: string,
  hint?: string,
): void {
  const supported = metadata[`${use}_signing_alg_values_supported`]
  if (Array.isArray(supported))
    check(supported.map(oneName), oneName(algorithm), `${use.replace('_', ' ')} signing algorithm`, hint)
}

/** RFC 9864 gave "EdDSA" with this curve the name "Ed25519". */
function oneName<Name>(algorithm: Name): Name | 'EdDSA' {
  return algorithm === 'Ed25519' ? 'EdDSA' : algorithm
}

/** Custom methods are not checked; many servers omit `none` from their metadata. */
export function checkClientAuthentication(
  metadata: ServerMetadata,
  { clientAuthMethods = {}, clientAuth = 'none' }: Pick<ProtocolOptions, 'clientAuth' | 'clientAuthMethods'>,
  method: ClientAuthentication = clientAuth,
): void {
  if (typeof method === 'string' && method !== 'none' && !Object.hasOwn(clientAuthMethods, method))
    check(metadata.token_endpoint_auth_methods_supported, method, 'client authentication')
}

const GRANT_ENDPOINTS: ReadonlyMap<string, string> = new Map([
  ['urn:ietf:params:oauth:grant-type:device_code', 'device_authorization_endpoint'],
  ['urn:openid:params:grant-type:ciba', 'backchannel_authentication_endpoint'],
])

/** A grant with its own endpoint is supported if the metadata names the endpoint. @throws ConfigurationError unsupported */
export function checkGrantSupport(metadata: ServerMetadata, grantType: string): void {
  if (metadata[GRANT_ENDPOINTS.get(grantType) ?? ''] === undefined) check(metadata.grant_types_supported, grantType, 'grant')
}

/** Whether the request is pushed: the option decides, else the server's requirement. @see RFC 9126, section 5 */
export function isPushed(par: boolean | undefined, metadata: ServerMetadata): boolean {
  return par ?? metadata.require_pushed_authorization_requests === true
}

/** Whether the parameters are not sent in the URL as they are. @throws ConfigurationError unsupported */
export function isSignedOrPushed({ par, requestObject }: ProtocolOptions, metadata: ServerMetadata): boolean {
  const isSigned = requestObject !== undefined
  refuse(
    par === true && metadata.pushed_authorization_request_endpoint === undefined,
    'has no pushed authorization request endpoint',
    'RFC 9126, section 5',
  )
  refuse(
    par === false && metadata.require_pushed_authorization_requests === true,
    'accepts pushed requests only: omit "par"',
    'RFC 9126, section 5',
  )
  refuse(
    metadata['require_signed_request_object'] === true && !isSigned,
    'accepts signed requests only: give "requestObject"',
    'RFC 9101, section 10.5',
  )
  refuse(
    isSigned && !requestObject.publish && metadata['request_parameter_supported'] === false,
    'accepts no request objects',
    'RFC 9101, section 10.5',
  )
  refuse(
    isSigned && requestObject.publish !== undefined && metadata['request_uri_parameter_supported'] === false,
    'accepts no request objects by reference: omit "publish"',
    'RFC 9101, section 10.5',
  )
  return isSigned || isPushed(par, metadata)
}

function refuse(isUnsupported: boolean, what: string, spec: string): void {
  if (!isUnsupported) return
  throw unsupported(`The server ${what}.`, 'Its metadata says so: change the options of the client, or the server.', spec)
}

function checkAuthorizationDetails(metadata: ServerMetadata, details: string | null): void {
  const types = metadata['authorization_details_types_supported']
  if (details === null || !Array.isArray(types)) return
  const requested: unknown = JSON.parse(details)
  for (const one of Array.isArray(requested) ? requested.filter(isRecord) : [])
    check(types, String(one['type']), 'authorization details type')
}

function check(
  supported: readonly unknown[] | undefined,
  requested: string | undefined,
  what: string,
  hint = 'Choose one of these',
): void {
  if (requested !== undefined && supported && !supported.includes(requested)) {
    throw unsupported(
      `The server does not support the ${what} "${requested}".`,
      `Its metadata lists: ${supported.join(', ') || 'none'}. ${hint}, or turn it on at the server.`,
      'RFC 8414, section 2',
    )
  }
}

/** The order of the words in a response type has no meaning. */
function sortedWords(responseType: string): string {
  return responseType.split(' ').toSorted().join(' ')
}

/** Response modes that a page cannot read. */
const UNREADABLE_MODE = /^(?:form_post(?:\.jwt)?|web_message)$/

function refuseUnreadableMode(mode = ''): void {
  if (UNREADABLE_MODE.test(mode)) throw createError('unsupported', ['unreadableMode', mode])
}

function unsupported(message: string, hint: string, spec: string): ConfigurationError {
  return createError('unsupported', message, { hint, spec })
}

const HOOKS: Readonly<Record<keyof ComplianceHooks, true>> = {
  authorizationRequest: true,
  endSessionRequest: true,
  tokenRequest: true,
  tokenResponse: true,
  refreshTokenRequest: true,
  refreshTokenResponse: true,
  revocationRequest: true,
  introspectionRequest: true,
  protectedRequest: true,
  userInfoResponse: true,
}

/**
 * Refuses unknown hooks, which would never be called: in JavaScript, no type reports a misspelled name.
 *
 * @throws ConfigurationError
 */
export function checkComplianceHooks(hooks: ComplianceHooks): void {
  const unknown = Object.keys(hooks).find((name) => !Object.hasOwn(HOOKS, name))
  if (unknown === undefined) return
  throw createError('configuration', ['noComplianceHook', unknown, Object.keys(HOOKS)])
}
