import { parseUrl } from '../platform/parse-url.js'
import { encodeBase64Url, encodedHash } from '../platform/base64.js'
import { requireWebCrypto } from '../platform/require-web-crypto.js'
import { endpointUrl } from './endpoint-url.js'
import { type AuthorizationExpectation, expectsIdToken } from './expectation.js'
import { hasKeys, loadServer } from './load-server.js'
import { setParameters } from './endpoint-request.js'
import { signingAlgorithm } from './id-token.js'
import type { ProtocolContext } from './protocol-context.js'
import { withClientErrors } from './protocol-errors.js'
import type { ProtocolOptions } from './protocol-options.js'
import { joinScope, type Scope } from './scope.js'
import type { ServerMetadata } from './server-metadata.js'
import type { AuthorizationRequest, AuthorizationRequestInput } from './unfinished-request.js'

/**
 * Builds an authorization request; it is signed or pushed if the options or the server require it.
 *
 * @throws ConfigurationError configuration, unsupported; NetworkError; ValidationError invalid_metadata
 * @see RFC 6749, section 4.1.1; RFC 7636, section 4.3; OpenID Connect Core 1.0, section 3.1.2.1
 */
export function createAuthorizationRequest(
  context: ProtocolContext,
  input: AuthorizationRequestInput,
): Promise<AuthorizationRequest> {
  return withClientErrors(context, () => buildRequest(context, input))
}

async function buildRequest(context: ProtocolContext, input: AuthorizationRequestInput): Promise<AuthorizationRequest> {
  requireWebCrypto()
  const { options } = context
  const rare = isUsualInput(options, input) ? undefined : await (await context.load()).failures()
  const further = rare?.furtherParameters(options, input)
  const request = requestParts(context, input)
  const { signal } = input.parameters
  const { metadata } = await loadServer(context, { keys: false, signal })
  // A hook may refuse the request for a better reason than that the keys cannot be fetched, so their failure waits.
  const keys = expectsIdToken(request) ? await settle(loadServer(context, { keys: true, signal })) : undefined
  const url = endpointUrl(context, metadata, 'authorization_endpoint')
  // Otherwise the user signs in, and the code cannot be redeemed.
  if (request.codeVerifier) endpointUrl(context, metadata, 'token_endpoint')
  const isUsual = !further && !url.search && isUsualServer(metadata, options, request)
  await setOwnParameters(url.searchParams, options, request)
  if (!isUsual) return (await (await context.load()).failures()).finishRequest(context, { url, request, metadata, keys, further })
  if (keys?.status === 'rejected') throw keys.reason
  return { url, expectation: request }
}

/** Options of the client with which a request is more than the usual one. */
const RARE_OPTIONS = [
  'responseMode',
  'params',
  'tokenParams',
  'resources',
  'authorizationDetails',
  'par',
  'requestObject',
  'dpop',
  'compliance',
] as const

/** Whether a request is the usual one: the code flow of a public client with nothing but a scope. Others need `finish-request.ts`. */
export function isUsualInput(options: ProtocolOptions, { parameters, redirectUri }: AuthorizationRequestInput): boolean {
  const { signal: _signal, scope: _scope, ...further } = parameters
  const { protocol = '', hash } = parseUrl(redirectUri) ?? {}
  const { clientAuth = 'none', responseType = 'code' } = options
  const isUsual = clientAuth === 'none' && responseType === 'code' && !RARE_OPTIONS.some((name) => options[name])
  return isUsual && !hash && /^https?:$/.test(protocol) && Object.keys(further).length === 0
}

/**
 * Whether the metadata has nothing against the usual request. Most requests need no other check. For the others, `server-support.ts`
 * decides, and says what is wrong.
 *
 * @throws ConfigurationError configuration for an algorithm that no ID token may have
 */
export function isUsualServer(
  metadata: ServerMetadata,
  options: ProtocolOptions,
  request: Pick<AuthorizationExpectation, 'scope' | 'responseType'>,
): boolean {
  const supports = (what: string, value: string): boolean => {
    const supported = metadata[`${what}_supported`]
    return supported === undefined || (Array.isArray(supported) && supported.includes(value))
  }
  const isOpenId = expectsIdToken(request)
  return (
    supports('response_types', 'code') &&
    supports('grant_types', 'authorization_code') &&
    supports('code_challenge_methods', 'S256') &&
    (!isOpenId || (hasKeys(metadata) && supports('id_token_signing_alg_values', signingAlgorithm(options)))) &&
    !metadata.require_pushed_authorization_requests &&
    !metadata['require_signed_request_object']
  )
}

/** A nonce, or a code verifier, with 256 random bits. @see RFC 7636, section 4.1 */
function randomText(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(32)))
}

async function settle(work: Promise<unknown>): Promise<PromiseSettledResult<unknown>> {
  const [result] = await Promise.allSettled([work])
  return result
}

function requestParts({ options }: ProtocolContext, input: AuthorizationRequestInput): AuthorizationExpectation {
  const { responseType = 'code', scope = 'openid profile email' } = options
  const { parameters, codeVerifier = randomText(), redirectUri, state } = input
  const request = { state, redirectUri, responseType, scope: normalizedScope(parameters.scope ?? scope) || undefined }
  return {
    ...request,
    nonce: expectsIdToken(request) ? randomText() : undefined,
    codeVerifier: responseType.includes('code') ? codeVerifier : undefined,
  }
}

async function setOwnParameters(
  query: URLSearchParams,
  { clientId }: ProtocolOptions,
  { responseType, redirectUri, scope, state, nonce, codeVerifier }: AuthorizationExpectation,
): Promise<void> {
  setParameters(query, {
    response_type: responseType,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: codeVerifier && (await encodedHash(codeVerifier, 256)),
    code_challenge_method: codeVerifier && 'S256',
  })
}

function normalizedScope(scope: Scope): string {
  return [...new Set(joinScope(scope).split(/\s+/).filter(Boolean))].join(' ')
}
