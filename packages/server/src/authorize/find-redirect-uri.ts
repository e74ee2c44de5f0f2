import { isInsecureUrl } from '../http/loopback.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Parameters } from '../http/parameters.js'
import { parseUrl } from '../http/parse-url.js'
import { isUnsafeUri } from '../http/unsafe-scheme.js'
import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'

const UNSAFE = '"redirect_uri" is no URL, or of a scheme that users must not be sent to (RFC 9700, section 4.11)'

/**
 * Returns the redirect URI, which must match a registered one character for character. It may be absent if exactly one is registered.
 *
 * @throws OAuthError that must not be sent by redirect. @see RFC 6749, section 3.1.2; RFC 9700, section 4.1.3
 */
export function findRedirectUri(
  params: Parameters,
  client: ClientRecord,
  server: Pick<ServerContext, 'allowInsecureHttp'>,
): string {
  const redirectUri = requestedRedirectUri(params, client)
  // A listed client is refused earlier; a stored one only here.
  if (isUnsafeUri(redirectUri, client.applicationType)) throw new OAuthError('invalid_request', UNSAFE)
  if (server.allowInsecureHttp || !isInsecureUrl(redirectUri)) return redirectUri
  throw new OAuthError('invalid_request', '"redirect_uri" must be https, or http on loopback (RFC 9700, section 2.6)')
}

function requestedRedirectUri(params: Parameters, client: ClientRecord): string {
  const requested = params.all('redirect_uri')
  if (requested.length > 1) throw new OAuthError('invalid_request', '"redirect_uri" is repeated')
  const [redirectUri] = requested
  const [registered, ...others] = client.redirectUris
  if (redirectUri === undefined) {
    if (registered !== undefined && others.length === 0) return registered
    throw mismatch('"redirect_uri" is missing, and the client has not registered exactly one', client, undefined)
  }
  if (registeredRedirectUri(redirectUri, client) !== undefined) return redirectUri
  throw mismatch('"redirect_uri" is not one that this client has registered', client, redirectUri)
}

function mismatch(description: string, { clientId, redirectUris }: ClientRecord, redirectUri: string | undefined): OAuthError {
  return new OAuthError('invalid_request', description, {
    registration: { clientId, parameter: 'redirect_uri', redirectUri, redirectUris },
  })
}

/** Returns the registered redirect URI that matches a requested one. */
export function registeredRedirectUri(redirectUri: string, client: ClientRecord): string | undefined {
  return client.redirectUris.find((known) => isSameRedirectUri(known, redirectUri, client))
}

/** Loopback IP literals of native clients: the operating system chooses the port (RFC 8252, sections 7.3 and 8.3). */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(\/.*)?$/

function isSameRedirectUri(registered: string, requested: string, client: ClientRecord): boolean {
  if (registered === requested) return true
  if (client.applicationType !== 'native') return false
  const [expected, actual] = [LOOPBACK.exec(registered), LOOPBACK.exec(requested)]
  if (expected === null || actual === null || expected[1] !== actual[1] || expected[2] !== actual[2]) return false
  // A port above 65535 is no URL.
  return parseUrl(requested) !== undefined
}
