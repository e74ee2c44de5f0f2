import { createError } from '../errors/create-error.js'
import { parseUrl } from '../platform/parse-url.js'
import type { Parameters, ProtocolOptions } from './protocol-options.js'
import type { AuthorizationRequestInput, FurtherParameters } from './unfinished-request.js'

/** The client's own extra parameters; functions are called for each request. */
function extraParameters(params: ProtocolOptions['params'] | ProtocolOptions['tokenParams'] = {}, grantType = ''): Parameters {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'function' ? value(grantType) : value]),
  )
}

const OWN_PARAMETERS = {
  params: [
    'response_type',
    'client_id',
    'redirect_uri',
    'scope',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'response_mode',
    'request',
    'request_uri',
    'dpop_jkt',
  ],
  tokenParams: ['grant_type', 'client_id', 'code', 'code_verifier', 'redirect_uri', 'refresh_token'],
} as const

/**
 * Refuses parameters that the client sets itself: another value would break the binding of the response to the request.
 *
 * @param option that contains them
 */
function refuseOwnParameters(params: Readonly<Record<string, unknown>> = {}, option: 'params' | 'tokenParams' = 'params'): void {
  const name = OWN_PARAMETERS[option].find((own) => Object.hasOwn(params, own))
  if (name !== undefined) throw createError('configuration', ['ownParameter', name, option])
}

/** See `tokenParameters`. @throws ConfigurationError for one that the client sets itself */
export function extraTokenParameters({ tokenParams }: ProtocolOptions, grantType: string): Parameters {
  refuseOwnParameters(tokenParams, 'tokenParams')
  return extraParameters(tokenParams, grantType)
}

/**
 * The parameters of an authorization request that a plain sign-in has not: the client's extra parameters, then the options of this
 * sign-in, then its extra parameters.
 *
 * @throws ConfigurationError for one that the client sets itself, and for an address that no response can arrive at
 */
export function furtherParameters(
  options: ProtocolOptions,
  { parameters, redirectUri }: AuthorizationRequestInput,
): FurtherParameters {
  refuseOwnParameters(options.params)
  refuseOwnParameters(options.tokenParams, 'tokenParams')
  refuseOwnParameters(parameters.params)
  checkRedirectUri(redirectUri)
  const { nonce } = parameters
  if (nonce === '') throw createError('configuration', ['emptyNonce'])
  const indicators = options.resources?.flatMap((one) => (typeof one === 'string' ? [] : (one.resource ?? [])))
  const ofSignIn = {
    resource: parameters.resources ?? (indicators && [...new Set(indicators)]),
    prompt: parameters.prompt,
    login_hint: parameters.loginHint,
    max_age: parameters.maxAge,
    acr_values: parameters.acrValues,
    ui_locales: parameters.uiLocales,
    id_token_hint: parameters.idTokenHint,
    claims: json(parameters.claims),
    authorization_details: json(parameters.authorizationDetails ?? options.authorizationDetails),
  }
  return { nonce, lists: [extraParameters(options.params), ofSignIn, parameters.params ?? {}] }
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

/** No server redirects to these, and a page at such an address has no origin for storage. */
const LOCAL_SCHEMES: readonly (string | undefined)[] = [undefined, 'file:', 'data:', 'blob:', 'about:', 'javascript:']

/** @throws ConfigurationError for an address that no response can arrive at */
function checkRedirectUri(redirectUri: string): void {
  const { protocol: scheme, hash } = parseUrl(redirectUri) ?? {}
  if (hash) throw createError('configuration', ['redirectFragment'])
  if (LOCAL_SCHEMES.includes(scheme)) throw createError('configuration', ['redirectUri', scheme])
}
