import { createError } from '../errors/create-error.js'
import { allowInsecureRequests, clockSkew, clockTolerance } from 'oauth4webapi'
import type { AuthorizationServer, Client } from 'oauth4webapi'
import type { ServerMetadata } from './server-metadata.js'
import type { ProtocolContext } from './protocol-context.js'
import { serverNowSeconds } from './server-clock.js'

/** The authorization server as oauth4webapi wants it: a copy, since it keeps keys by object identity. */
export function authorizationServer(metadata: ServerMetadata): AuthorizationServer {
  return { ...metadata } as unknown as AuthorizationServer
}

/** The client as oauth4webapi wants it, with our clock put in the place of its own. */
export function oauthClient(context: ProtocolContext): Client {
  return {
    client_id: context.options.clientId,
    [clockSkew]: serverNowSeconds(context) - Math.floor(Date.now() / 1000),
    [clockTolerance]: context.options.clockTolerance ?? 30,
  }
}

const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * OAuth needs TLS (RFC 6749, sections 3.1 and 3.2); a server on the developer's own machine is the one exception.
 *
 * @returns the URL
 * @throws ConfigurationError or ValidationError when it is not an https URL nor an http one on a loopback host
 */
export function secureUrl(value: unknown, name: string, fail: (message: string, hint: string) => Error = misconfigured): URL {
  const url = typeof value === 'string' ? parseUrl(value) : undefined
  if (!url) {
    throw fail(`${name} is missing or not a URL`, `Give ${name} as an absolute https URL.`)
  }
  if (url.protocol !== 'https:' && !isLoopbackHttp(url)) {
    throw fail(`${name} is not an https URL`, 'Serve it over https; plain http is for localhost, 127.0.0.1 and [::1] only.')
  }
  return url
}

type Endpoint =
  | `${'authorization' | 'token' | 'userinfo' | 'revocation' | 'introspection' | 'end_session'}_endpoint`
  | `${'pushed_authorization_request' | 'device_authorization' | 'registration' | 'backchannel_authentication'}_endpoint`
  | 'jwks_uri'

/**
 * @returns the endpoint's URL
 * @throws ConfigurationError for metadata given inline, ValidationError `invalid_metadata` for the server's own
 */
export function endpointUrl(context: ProtocolContext, metadata: ServerMetadata, endpoint: Endpoint): URL {
  return secureUrl(metadata[endpoint], `"${endpoint}" in the server metadata`, context.options.server ? misconfigured : misstated)
}

/** The one switch of oauth4webapi that lets plain http through; turned on for loopback hosts alone. */
export function transportSecurity(url: URL): { readonly [allowInsecureRequests]: boolean } {
  return { [allowInsecureRequests]: isLoopbackHttp(url) }
}

/** @throws ConfigurationError `insecure_context` where the browser withholds WebCrypto (plain http on another host) */
export function requireWebCrypto(): void {
  if (globalThis.crypto?.subtle === undefined) {
    throw createError('insecure_context', 'WebCrypto ("crypto.subtle") is not available on this page', {
      hint: 'Open the app over https or on localhost: browsers offer cryptography to secure contexts only.',
      spec: 'Web Cryptography API, section 10.1',
    })
  }
}

function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && loopbackHosts.includes(url.hostname)
}

function parseUrl(value: string): URL | undefined {
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}

function misconfigured(message: string, hint: string): Error {
  return createError('configuration', message, { hint, spec: 'RFC 6749, section 3' })
}

function misstated(message: string, hint: string): Error {
  return createError('invalid_metadata', message, { hint, spec: 'RFC 8414, section 2' })
}
