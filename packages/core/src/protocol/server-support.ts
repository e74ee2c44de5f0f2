import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import type { ClientAuthentication } from './client-authentication.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'
import { asksForIdToken } from './code-flow.js'
import { signingAlgorithm } from './id-token.js'
import { isJsonObject } from './json-response.js'
import { hasKeys, missingKeys } from './json-web-keys.js'

/**
 * Refuses a request that the server's own metadata says it cannot answer: better an error that says so here than a page of the
 * server's that does not. What the metadata is silent about is allowed, and so is what many servers have and do not list: "none" as
 * client authentication, the refresh token grant, words of the scope (RFC 8414, section 2), and values of `acr`: as `acr_values` they
 * are a wish that may stay unanswered, as an essential claim the answer is held against them.
 *
 * @throws ConfigurationError unsupported; configuration where the keys are missing that the answer would be checked with
 * @see RFC 8414, section 2
 */
export function checkServerSupport(metadata: ServerMetadata, query: URLSearchParams, options: ProtocolOptions): void {
  const mode = query.get('response_mode') ?? undefined
  refuseUnreadableMode(mode)
  const responseTypes = metadata.response_types_supported?.map(sortedWords)
  const responseType = query.get('response_type') ?? undefined
  check(responseTypes, responseType && sortedWords(responseType), 'response type')
  check(metadata.response_modes_supported, mode, 'response mode')
  checkSignedAnswers(metadata, query, options)
  if (responseType?.includes('code')) {
    check(metadata.grant_types_supported, 'authorization_code', 'grant')
    checkClientAuthentication(metadata, options.clientAuth)
  }
  check(metadata.code_challenge_methods_supported, query.get('code_challenge_method') ?? undefined, 'PKCE method')
  checkWishes(metadata, query)
}

function checkWishes(metadata: ServerMetadata, query: URLSearchParams): void {
  checkAuthorizationDetails(metadata, query.get('authorization_details'))
  const isWithoutClaims = query.has('claims') && metadata['claims_parameter_supported'] === false
  refuse(isWithoutClaims, 'does not understand the parameter "claims"', 'OpenID Connect Discovery 1.0, section 3')
  const prompts = metadata['prompt_values_supported']
  for (const prompt of query.get('prompt')?.split(' ') ?? []) {
    check(Array.isArray(prompts) ? prompts : undefined, prompt, 'prompt')
  }
}

/** The signature of what comes back is checked by one algorithm alone, the client's: a server that has it not cannot be believed. */
function checkSignedAnswers(metadata: ServerMetadata, query: URLSearchParams, options: ProtocolOptions): void {
  const isJwt = query.get('response_mode')?.endsWith('jwt') === true
  const isOpenId = asksForIdToken({ scope: query.get('scope') ?? '', responseType: query.get('response_type') ?? '' })
  if ((isJwt || isOpenId) && !hasKeys(metadata)) {
    throw missingKeys()
  }
  if (isJwt) {
    const algorithm = options.authorizationSignedResponseAlg ?? 'RS256'
    checkAlgorithm(metadata, 'authorization', algorithm, 'Give one in "authorizationSignedResponseAlg"')
  }
  if (isOpenId) {
    checkAlgorithm(metadata, 'id_token', signingAlgorithm(options), 'Give one in "idTokenSignedResponseAlg"')
  }
}

/** @param cure what to do about it, as the beginning of a sentence */
export function checkAlgorithm(
  metadata: ServerMetadata,
  use: 'authorization' | 'dpop' | 'id_token' | 'request_object',
  algorithm: string,
  cure?: string,
): void {
  const supported = metadata[`${use}_signing_alg_values_supported`]
  if (Array.isArray(supported)) {
    check(supported.map(oneName), oneName(algorithm), `${use.replace('_', ' ')} signing algorithm`, cure)
  }
}

/** RFC 9864 gave "EdDSA" with this curve the name "Ed25519". */
function oneName<Name>(algorithm: Name): Name | 'EdDSA' {
  return algorithm === 'Ed25519' ? 'EdDSA' : algorithm
}

/** A function is a way of one's own; that public clients are served is often not said. */
export function checkClientAuthentication(metadata: ServerMetadata, method: ClientAuthentication = 'none'): void {
  if (typeof method === 'string' && method !== 'none') {
    check(metadata.token_endpoint_auth_methods_supported, method, 'client authentication')
  }
}

const endpoints: ReadonlyMap<string, string> = new Map([
  ['urn:ietf:params:oauth:grant-type:device_code', 'device_authorization_endpoint'],
  ['urn:openid:params:grant-type:ciba', 'backchannel_authentication_endpoint'],
])

/** A grant with an endpoint of its own is there where the endpoint is. @throws ConfigurationError unsupported */
export function checkGrantSupport(metadata: ServerMetadata, grantType: string): void {
  if (metadata[endpoints.get(grantType) ?? ''] === undefined) {
    check(metadata.grant_types_supported, grantType, 'grant')
  }
}

/** Whether the parameters are pushed to the server: when the app says so, else when the server demands it. @see RFC 9126, section 5 */
export function isPushed(par: boolean | undefined, metadata: ServerMetadata): boolean {
  return par ?? metadata.require_pushed_authorization_requests === true
}

/** Whether the parameters travel in another way than in the URL. @throws ConfigurationError unsupported */
export function isCarried({ par, requestObject }: ProtocolOptions, metadata: ServerMetadata): boolean {
  const isSigned = requestObject !== undefined
  refuse(
    par === true && metadata.pushed_authorization_request_endpoint === undefined,
    'has no pushed authorization request endpoint',
    'RFC 9126, section 5',
  )
  refuse(
    par === false && metadata.require_pushed_authorization_requests === true,
    'takes pushed requests only: leave "par" out',
    'RFC 9126, section 5',
  )
  refuse(
    metadata['require_signed_request_object'] === true && !isSigned,
    'takes signed requests only: give "requestObject"',
    'RFC 9101, section 10.5',
  )
  refuse(
    isSigned && !requestObject.publish && metadata['request_parameter_supported'] === false,
    'takes no request objects',
    'RFC 9101, section 10.5',
  )
  refuse(
    isSigned && requestObject.publish !== undefined && metadata['request_uri_parameter_supported'] === false,
    'takes no request objects by reference: leave "publish" out',
    'RFC 9101, section 10.5',
  )
  return isSigned || isPushed(par, metadata)
}

function refuse(isUnsupported: boolean, what: string, spec: string): void {
  if (isUnsupported) {
    throw unsupported(`the server ${what}`, 'Its metadata says so: change the options of the client, or the server.', spec)
  }
}

function checkAuthorizationDetails(metadata: ServerMetadata, details: string | null): void {
  const types = metadata['authorization_details_types_supported']
  if (details !== null && Array.isArray(types)) {
    const asked: unknown = JSON.parse(details)
    for (const one of Array.isArray(asked) ? asked.filter(isJsonObject) : []) {
      check(types, String(one['type']), 'authorization details type')
    }
  }
}

function check(
  supported: readonly unknown[] | undefined,
  asked: string | undefined,
  what: string,
  cure = 'Choose one of these',
): void {
  if (asked !== undefined && supported && !supported.includes(asked)) {
    throw unsupported(
      `the server does not support the ${what} "${asked}"`,
      `Its metadata lists: ${supported.join(', ') || 'none'}. ${cure}, or turn it on at the server.`,
      'RFC 8414, section 2',
    )
  }
}

/** Response types are sets of words: the order does not count. */
function sortedWords(responseType: string): string {
  return responseType.split(' ').toSorted().join(' ')
}

interface RefusedMode {
  readonly what: string
  readonly hint: string
  readonly spec: string
}

const posted = {
  what: 'cannot be used in a browser',
  hint: 'The answer is posted to a server; a page in the browser cannot read it. Use "query", "fragment" or their "jwt" variants.',
  spec: 'OAuth 2.0 Form Post Response Mode, section 2',
}

const refusedModes: ReadonlyMap<string, RefusedMode> = new Map([
  ['form_post', posted],
  ['form_post.jwt', posted],
  [
    'web_message',
    {
      what: 'is not taken',
      hint: 'Answers by postMessage need a live opener, which servers cut (COOP). Use transport "popup" or "iframe" with "query".',
      spec: 'OAuth 2.0 Web Message Response Mode (draft-sakimura-oauth-wmrm-01)',
    },
  ],
])

function refuseUnreadableMode(mode: string | undefined): void {
  const refused = refusedModes.get(mode ?? '')
  if (refused) {
    throw unsupported(`the response mode "${mode}" ${refused.what}`, refused.hint, refused.spec)
  }
}

function unsupported(message: string, hint: string, spec: string): ConfigurationError {
  return createError('unsupported', message, { hint, spec })
}
