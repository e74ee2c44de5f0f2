import { wellKnownUrl } from '../protocol/well-known-url.js'

/** Where the metadata of an issuer may be: OpenID Connect appends the well-known path, RFC 8414 inserts it. */
export function metadataUrls(issuer: string): readonly string[] {
  const url = new URL(issuer)
  const openId = new URL(url)
  openId.pathname = `${url.pathname.replace(/\/$/, '')}/.well-known/openid-configuration`
  const plain = new URL(url)
  plain.pathname = url.pathname.replace(/\/$/, '')
  return [openId.href, wellKnownUrl(plain, 'oauth-authorization-server').href]
}

/** @returns other issuers that may be meant, from mistakes that are common */
export function likelyIssuers(issuer: string): readonly string[] {
  const url = new URL(issuer)
  const { origin, pathname } = url
  const path = pathname.replace(/\/$/, '')
  const paths = [
    // Paths are case-sensitive, and most servers use lower case.
    path.toLowerCase(),
    // The address of the metadata, or of an endpoint.
    path.replace(/\/\.well-known\/.*$/, ''),
    path.replace(/\/protocol\/openid-connect.*$/, ''),
    path.replace(/\/(?:oauth2\/)?(?:v1\/|v2\.0\/)?(?:authorize|token|auth)$/, ''),
    // Keycloak before version 17 has its realms below /auth.
    path.startsWith('/auth/realms/') ? path.slice('/auth'.length) : path.replace(/^\/realms\//, '/auth/realms/'),
    // Entra's second version, and the default server of Okta.
    `${path.replace(/\/v1(?:\.0)?$/, '')}/v2.0`,
    `${path}/oauth2/default`,
    '',
  ]
  const others = paths.filter((one) => one !== path)
  return [...new Set(others)].map((one) => `${origin}${one}`)
}
