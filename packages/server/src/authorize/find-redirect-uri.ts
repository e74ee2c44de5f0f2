import { OAuthError } from '../http/oauth-error.js'
import type { Parameters } from '../http/parameters.js'
import type { ClientRecord } from '../storage/client-store.js'

/**
 * The redirect URI is one of those registered, character for character; it may be left out where there is only one.
 *
 * @throws OAuthError that must not be sent by redirect. @see RFC 6749, section 3.1.2; RFC 9700, section 4.1.3
 */
export function findRedirectUri(params: Parameters, client: ClientRecord): string {
  const given = params.all('redirect_uri')
  if (given.length > 1) throw new OAuthError('invalid_request', '"redirect_uri" stands in the request more than once')
  const [redirectUri] = given
  const [registered, ...others] = client.redirectUris
  if (redirectUri === undefined) {
    if (registered !== undefined && others.length === 0) return registered
    throw new OAuthError('invalid_request', '"redirect_uri" is missing, and the client has not registered exactly one')
  }
  if (client.redirectUris.some((known) => isSameRedirectUri(known, redirectUri, client))) return redirectUri
  throw new OAuthError('invalid_request', '"redirect_uri" is not one that this client has registered')
}

/** Loopback IP literals of native clients: the port is what the operating system gave (RFC 8252, sections 7.3 and 8.3). */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(\/.*)?$/

function isSameRedirectUri(registered: string, given: string, client: ClientRecord): boolean {
  if (registered === given) return true
  if (client.applicationType !== 'native') return false
  const known = LOOPBACK.exec(registered)
  const asked = LOOPBACK.exec(given)
  return known !== null && asked !== null && known[1] === asked[1] && known[2] === asked[2]
}
