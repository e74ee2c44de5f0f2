import { parseUrl } from '../platform/parse-url.js'
// Without oauth4webapi, because clients of other protocols check their options with it before they load anything.

import { ADDRESS_REASONS } from '../errors/address-reasons.js'
import { createError } from '../errors/create-error.js'
import type { AddressReasons } from '../errors/reasons.js'
import { allowsPlainHttp } from '../platform/allows-plain-http.js'
import { isLoopback } from '../platform/is-loopback.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'

type Endpoint =
  | `${'authorization' | 'token' | 'userinfo' | 'revocation' | 'introspection' | 'end_session'}_endpoint`
  | `${'pushed_authorization_request' | 'device_authorization' | 'registration' | 'backchannel_authentication'}_endpoint`
  | 'jwks_uri'

/**
 * Reads an endpoint's URL from the server metadata.
 *
 * @throws ConfigurationError for inline metadata, ValidationError `invalid_metadata` for fetched metadata
 */
export function endpointUrl({ options }: ProtocolContext, metadata: ServerMetadata, endpoint: Endpoint): URL {
  const name = `"${endpoint}" in the server metadata`
  const isExplicit = options.issuer === undefined || options.server?.[endpoint] !== undefined
  return secureUrl(metadata[endpoint], name, { options, code: isExplicit ? 'configuration' : 'invalid_metadata' })
}

/** Longer than any URL that servers accept. */
const MAX_LENGTH = 2048

/**
 * Returns a URL that a server wrote; undefined for other text, and for a URL that is too long: the parser of Node 20 converts a host beyond
 * ASCII at a cost that grows with the square of its length.
 */
export function parseServerUrl(value: unknown): URL | undefined {
  return typeof value === 'string' && value.length <= MAX_LENGTH ? parseUrl(value) : undefined
}

/** How an address is checked. */
export interface SecureUrlRules {
  readonly options: Pick<ProtocolOptions, 'allowPlainHttp'>
  /** Of the error. Default: `configuration`. */
  readonly code?: 'configuration' | 'invalid_metadata'
}

/** @returns what is wrong with an address that is not secure */
function readSecureUrl(value: unknown, { allowPlainHttp }: SecureUrlRules['options']): URL | keyof AddressReasons {
  const url = parseServerUrl(value)
  if (!url) return 'noUrl'
  return url.protocol === 'https:' || isLoopback(url) || allowsPlainHttp(url, allowPlainHttp) ? url : 'plainHttp'
}

/**
 * Parses a URL that requests go to. OAuth requires TLS (RFC 6749, sections 3.1 and 3.2); a server on the developer's own machine
 * is the one exception.
 *
 * @throws ConfigurationError or ValidationError unless it is an https URL, or an http URL of a loopback host
 */
export function secureUrl(value: unknown, name: string, { options, code = 'configuration' }: SecureUrlRules): URL {
  const url = readSecureUrl(value, options)
  if (typeof url === 'object') return url
  throw createError(code, [url, name, code])
}

/** As `secureUrl`, for an option that is checked at once: the error has its texts without loading them. @throws ConfigurationError */
export function secureUrlOption(value: unknown, name: string, options: SecureUrlRules['options']): URL {
  const url = readSecureUrl(value, options)
  if (typeof url === 'object') return url
  const { message, ...details } = ADDRESS_REASONS[url](name, 'configuration')
  throw createError('configuration', message, details)
}
