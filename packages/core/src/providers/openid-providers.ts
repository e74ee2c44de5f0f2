import type { Preset } from './preset.js'

const OPENID_SCOPE = 'openid profile email'

/** Options for Google. For refresh tokens, add `params: { access_type: 'offline', prompt: 'consent' }`; the client needs a secret. */
export function google(): Preset {
  return { issuer: 'https://accounts.google.com', scope: OPENID_SCOPE }
}

/**
 * Options for Microsoft Entra ID.
 *
 * @param tenant id of the directory. "common" and "organizations" do not work: the tokens come from the issuer of the user's own directory
 */
export function microsoftEntra(tenant: string): Preset {
  return {
    issuer: `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/v2.0`,
    scope: `${OPENID_SCOPE} offline_access`,
  }
}

/**
 * Options for Auth0.
 *
 * @param options `audience` is the API that access tokens are for; without it they are opaque
 */
export function auth0(domain: string, options: { readonly audience?: string } = {}): Preset {
  const { audience } = options
  return {
    issuer: `https://${domain}/`,
    scope: `${OPENID_SCOPE} offline_access`,
    params: { audience },
  }
}

/**
 * Options for Okta.
 *
 * @param authorizationServer id of a custom authorization server; `null` is that of the organization
 */
export function okta(domain: string, authorizationServer: string | null = 'default'): Preset {
  const path = authorizationServer === null ? '' : `/oauth2/${encodeURIComponent(authorizationServer)}`
  return { issuer: `https://${domain}${path}`, scope: `${OPENID_SCOPE} offline_access` }
}

/**
 * Options for Keycloak.
 *
 * @param baseUrl URL of the server; versions before 17 need `/auth` at its end
 */
export function keycloak(baseUrl: string, realm: string): Preset {
  return { issuer: `${baseUrl.replace(/\/+$/, '')}/realms/${encodeURIComponent(realm)}`, scope: OPENID_SCOPE }
}

/** Options for Amazon Cognito. */
export function cognito(region: string, userPoolId: string): Preset {
  return { issuer: `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`, scope: OPENID_SCOPE }
}

/**
 * Options for GitLab.
 *
 * @param host URL of a self-managed server
 */
export function gitlab(host = 'https://gitlab.com'): Preset {
  return { issuer: host.replace(/\/+$/, ''), scope: OPENID_SCOPE }
}
