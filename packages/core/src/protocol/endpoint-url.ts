import { allowInsecureRequests } from 'oauth4webapi'
import { createError } from '../errors/create-error.js'
import { isLoopback } from '../platform/is-loopback.js'
import type { ProtocolContext } from './protocol-context.js'
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
export function endpointUrl(context: ProtocolContext, metadata: ServerMetadata, endpoint: Endpoint): URL {
  const name = `"${endpoint}" in the server metadata`
  return secureUrl(metadata[endpoint], name, context.options.server ? 'configuration' : 'invalid_metadata')
}

/**
 * Parses a URL that requests go to. OAuth requires TLS (RFC 6749, sections 3.1 and 3.2); a server on the developer's own machine
 * is the one exception.
 *
 * @throws ConfigurationError or ValidationError unless it is an https URL, or an http URL of a loopback host
 */
export function secureUrl(value: unknown, name: string, code: 'configuration' | 'invalid_metadata' = 'configuration'): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  const spec = code === 'configuration' ? 'RFC 6749, section 3' : 'RFC 8414, section 2'
  if (!url) throw createError(code, `${name} is missing or not a URL.`, { hint: `Give ${name} as an absolute https URL.`, spec })

  if (url.protocol === 'https:' || isLoopback(url)) return url
  throw createError(code, `${name} is not an https URL.`, {
    hint: 'Serve it over https; plain http is for localhost, 127.0.0.1 and [::1] only.',
    spec,
  })
}

/** The option of oauth4webapi that allows plain http; set for loopback hosts only. */
export function transportSecurity(url: URL): { readonly [allowInsecureRequests]: boolean } {
  return { [allowInsecureRequests]: isLoopback(url) }
}
