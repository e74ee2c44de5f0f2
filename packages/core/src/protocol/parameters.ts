import { createError } from '../errors/create-error.js'
import type { ParameterValue, ProtocolOptions } from './protocol-options.js'

export type Parameters = Readonly<Record<string, ParameterValue>>

/**
 * Puts parameters into a query: a list repeats its parameter, `undefined` leaves alone what is there, `null` takes it out.
 */
export function setParameters(query: URLSearchParams, parameters: Parameters): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) {
      query.delete(name)
      for (const one of value === null ? [] : [value].flat()) {
        query.append(name, String(one))
      }
    }
  }
}

/** The client's own extra parameters; functions are called for each request. */
export function extraParameters(params: ProtocolOptions['params'] = {}): Parameters {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'function' ? value() : value]))
}

const ownParameters: readonly string[] = [
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
]

/** These are the client's own: a value from elsewhere would break what binds the answer to the request. */
export function refuseOwnParameters(params: Readonly<Record<string, unknown>> = {}): void {
  const name = ownParameters.find((own) => Object.hasOwn(params, own))
  if (name !== undefined) {
    throw createError('configuration', `"${name}" cannot be given in "params"`, {
      hint: 'Use the option of that name, or the compliance hook "authorizationRequest".',
      spec: 'RFC 6749, section 4.1.1',
    })
  }
}
