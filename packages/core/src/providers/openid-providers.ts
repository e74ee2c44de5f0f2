import type { Preset } from './preset.js'

const openid = 'openid profile email'

/** Google. Refresh tokens: `params: { access_type: 'offline', prompt: 'consent' }`, for clients that have a secret. */
export function google(): Preset {
  return { issuer: 'https://accounts.google.com', scope: openid }
}

/** @param tenant id of the directory; "common" and "organizations" are no issuers, since each user's tokens come from their own */
export function microsoftEntra(tenant: string): Preset {
  return { issuer: `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/v2.0`, scope: `${openid} offline_access` }
}

/** @param options `audience` names the API that access tokens are for; without it they are opaque */
export function auth0(domain: string, options: { readonly audience?: string } = {}): Preset {
  const { audience } = options
  return {
    issuer: `https://${domain}/`,
    scope: `${openid} offline_access`,
    ...(audience === undefined ? {} : { params: { audience } }),
  }
}

/** @param authorizationServer id of a custom authorization server; `null` is the organization's own */
export function okta(domain: string, authorizationServer: string | null = 'default'): Preset {
  const path = authorizationServer === null ? '' : `/oauth2/${encodeURIComponent(authorizationServer)}`
  return { issuer: `https://${domain}${path}`, scope: `${openid} offline_access` }
}

/** @param baseUrl of the server, with `/auth` where it is an old one */
export function keycloak(baseUrl: string, realm: string): Preset {
  return { issuer: `${baseUrl.replace(/\/+$/, '')}/realms/${encodeURIComponent(realm)}`, scope: openid }
}

/** Amazon Cognito. */
export function cognito(region: string, userPoolId: string): Preset {
  return { issuer: `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`, scope: openid }
}

/** @param host for a server of one's own */
export function gitlab(host = 'https://gitlab.com'): Preset {
  return { issuer: host.replace(/\/+$/, ''), scope: openid }
}
