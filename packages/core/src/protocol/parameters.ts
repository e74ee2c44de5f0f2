import { createError } from '../errors/create-error.js'
import type { ParameterValue, ProtocolOptions } from './protocol-options.js'

/** Parameters by name. */
export type Parameters = Readonly<Record<string, ParameterValue>>

/**
 * Sets parameters of a query: a list repeats its parameter, `undefined` keeps the present value, `null` removes it.
 */
export function setParameters(query: URLSearchParams, parameters: Parameters): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) {
      query.delete(name)
      for (const one of value === null ? [] : [value].flat()) query.append(name, String(one))
    }
  }
}

/** The client's own extra parameters; functions are called for each request. */
export function extraParameters(
  params: ProtocolOptions['params'] | ProtocolOptions['tokenParams'] = {},
  grantType = '',
): Parameters {
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
export function refuseOwnParameters(
  params: Readonly<Record<string, unknown>> = {},
  option: 'params' | 'tokenParams' = 'params',
): void {
  const name = OWN_PARAMETERS[option].find((own) => Object.hasOwn(params, own))
  if (name !== undefined) throw createError('configuration', ['ownParameter', name, option])
}

/** The parameters that the client adds to a token request. @throws ConfigurationError for one that the client sets itself */
export function tokenParameters({ tokenParams }: ProtocolOptions, grantType: string): Parameters {
  refuseOwnParameters(tokenParams, 'tokenParams')
  return extraParameters(tokenParams, grantType)
}
