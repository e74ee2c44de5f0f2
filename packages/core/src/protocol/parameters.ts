import type { ProtocolContext } from './protocol-context.js'
import type { Parameters } from './protocol-options.js'

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

/** The parameters that the client adds to a token request. @throws ConfigurationError for one that the client sets itself */
export async function tokenParameters({ options, load }: ProtocolContext, grantType: string): Promise<Parameters> {
  return options.tokenParams ? (await (await load()).failures()).extraTokenParameters(options, grantType) : {}
}
