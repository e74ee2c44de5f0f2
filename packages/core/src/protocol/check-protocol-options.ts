import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import { mostSimilar, type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { refuseUnknownMetadata } from './metadata-names.js'
import type { ProtocolOptions, RequestObjectOptions } from './protocol-options.js'

// Loaded in development only.

const DPOP: OptionNames<{ alg: string; required: boolean }> = { alg: 'string', required: 'boolean' }

const REQUEST_OBJECT: OptionNames<RequestObjectOptions> = { key: 'object', kid: 'string', publish: 'function' }

/** The names of methods, besides custom ones. The methods with a key are functions. */
const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt']

/** Checks the members of options whose names are checked already. @throws ConfigurationError */
export function checkProtocolOptions(where: string, options: Partial<ProtocolOptions>): void {
  refuseUnknownMethods(where, options)
  refuseUselessTemplates(where, options)
  refuseUnknownMetadata(options.server)
  if (typeof options.dpop === 'object') refuseUnknownOptions('"dpop"', options.dpop, DPOP)
  refuseUnknownOptions('"requestObject"', options.requestObject, REQUEST_OBJECT)
}

/** Custom methods may be added under any name, so only a misspelled name is refused here; the first request refuses the others. */
function refuseUnknownMethods(where: string, options: Partial<ProtocolOptions>): void {
  const words = [...METHODS, ...Object.keys(options.clientAuthMethods ?? {})]
  for (const name of ['clientAuth', 'revocationClientAuth', 'introspectionClientAuth'] as const) {
    const method: unknown = options[name]
    if (typeof method !== 'string' || words.includes(method) || mostSimilar(method, words) === undefined) continue
    refuseOtherKind(where, name, [method, [...words.map((word) => `'${word}'`), 'function'].join(' | ')])
  }
}

/** An issuer, in which each placeholder is one whole segment of the path. Any other one is never equal to an issuer. */
function refuseUselessTemplates(where: string, { acceptedIssuers = [] }: Partial<ProtocolOptions>): void {
  if (typeof acceptedIssuers === 'function') return
  const templates: readonly unknown[] = [acceptedIssuers].flat()
  const useless = templates.find(
    (one) => typeof one !== 'string' || !parseUrl(one) || /[{}]/.test(one.replace(/\/\{\w+\}(?=\/|$)/g, '/')),
  )
  if (useless === undefined) return
  throw createError('configuration', `${where}: "acceptedIssuers" must be issuers. Received ${JSON.stringify(useless)}.`, {
    hint: 'A placeholder such as {tenantid} is one whole segment of the path. Use a function for anything else.',
  })
}
