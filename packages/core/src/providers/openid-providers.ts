import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { checkPreset, PROXY } from './check-preset.js'
import { adaptedTokenResponse } from './compliance-hooks.js'
import { needsProxy } from './needs-proxy.js'
import type { Preset, ProxyOptions } from './preset.js'

const OPENID_SCOPE = 'openid profile email'

/**
 * Options for Google. Its web clients need a secret at the token endpoint, so a page needs a proxy; without one, use the response type
 * `id_token`. For refresh tokens, add `params: { access_type: 'offline', prompt: 'consent' }`.
 *
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 */
export function google(options: ProxyOptions = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('google()', {}, [options, PROXY])
  requireKind('google()', 'object', options)
  const { tokenEndpoint } = options
  return {
    issuer: 'https://accounts.google.com',
    ...(tokenEndpoint !== undefined && { server: { token_endpoint: tokenEndpoint } }),
    scope: OPENID_SCOPE,
    compliance: { authorizationRequest: needsProxy('Google', 'secret', tokenEndpoint) },
  }
}

/**
 * Options for Auth0.
 *
 * @param options `audience` is the API that access tokens are for; without it they are opaque
 * @see https://auth0.com/docs/get-started/applications/configure-applications-with-oidc-discovery
 */
export function auth0(domain: string, options: { readonly audience?: string | undefined } = {}): Preset {
  if (IS_DEVELOPMENT) checkPreset('auth0()', { domain }, [options, { audience: 'string' }])
  requireKind('auth0()', 'string', domain)
  requireKind('auth0()', 'object', options)
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
 * @see https://developer.okta.com/docs/concepts/auth-servers/
 */
export function okta(domain: string, authorizationServer: string | null = 'default'): Preset {
  if (IS_DEVELOPMENT) checkPreset('okta()', { domain, authorizationServer: authorizationServer ?? domain })
  requireKind('okta()', 'string', domain, authorizationServer ?? domain)
  const path = authorizationServer === null ? '' : `/oauth2/${encodeURIComponent(authorizationServer)}`
  return { issuer: `https://${domain}${path}`, scope: `${OPENID_SCOPE} offline_access` }
}

/**
 * Options for Keycloak.
 *
 * @param baseUrl URL of the server; versions before 17 need `/auth` at its end
 * @see https://www.keycloak.org/securing-apps/oidc-layers
 */
export function keycloak(baseUrl: string, realm: string): Preset {
  if (IS_DEVELOPMENT) checkPreset('keycloak()', { baseUrl, realm })
  requireKind('keycloak()', 'string', baseUrl, realm)
  return { issuer: `${withoutSlash(baseUrl)}/realms/${encodeURIComponent(realm)}`, scope: OPENID_SCOPE }
}

/**
 * Options for Amazon Cognito. Its sign-out has parameters of its own, and returns to a sign-out URL of the app client. ID tokens of a
 * refresh are not used, because Cognito changes `auth_time` in them: the claims stay those of the sign-in.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
export function cognito(region: string, userPoolId: string): Preset {
  if (IS_DEVELOPMENT) checkPreset('cognito()', { region, userPoolId })
  requireKind('cognito()', 'string', region, userPoolId)
  return {
    issuer: `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`,
    scope: OPENID_SCOPE,
    compliance: {
      endSessionRequest(url) {
        const { searchParams } = url
        const logoutUri = searchParams.get('post_logout_redirect_uri')
        for (const name of ['post_logout_redirect_uri', 'id_token_hint', 'state']) searchParams.delete(name)
        if (logoutUri !== null) searchParams.set('logout_uri', logoutUri)
        return url
      },
      refreshTokenResponse: adaptedTokenResponse((body) => ({ ...body, id_token: undefined })),
    },
  }
}

/**
 * Options for GitLab.
 *
 * @param host URL of a self-managed server
 * @see https://docs.gitlab.com/integration/openid_connect_provider/
 */
export function gitlab(host = 'https://gitlab.com'): Preset {
  if (IS_DEVELOPMENT) checkPreset('gitlab()', { host })
  requireKind('gitlab()', 'string', host)
  return { issuer: withoutSlash(host), scope: OPENID_SCOPE }
}

/**
 * Options for ZITADEL.
 *
 * @param instanceUrl URL of the instance, such as `https://my-instance.zitadel.cloud`
 * @see https://zitadel.com/docs/apis/openidoauth/endpoints
 */
export function zitadel(instanceUrl: string): Preset {
  if (IS_DEVELOPMENT) checkPreset('zitadel()', { instanceUrl })
  requireKind('zitadel()', 'string', instanceUrl)
  return { issuer: withoutSlash(instanceUrl), scope: `${OPENID_SCOPE} offline_access` }
}

/**
 * Options for authentik, whose providers have an issuer each (its default).
 *
 * @param baseUrl URL of the server
 * @param application slug of the application
 * @see https://docs.goauthentik.io/add-secure-apps/providers/oauth2/
 */
export function authentik(baseUrl: string, application: string): Preset {
  if (IS_DEVELOPMENT) checkPreset('authentik()', { baseUrl, application })
  requireKind('authentik()', 'string', baseUrl, application)
  return {
    issuer: `${withoutSlash(baseUrl)}/application/o/${encodeURIComponent(application)}/`,
    scope: `${OPENID_SCOPE} offline_access`,
  }
}

/**
 * Options for AD FS 2019 and newer. The server must allow the page's origin (`Set-AdfsResponseHeaders -EnableCORS $true`); AD FS 2016
 * cannot, so a page cannot use it.
 *
 * @param host such as `adfs.example.com`
 * @see https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/development/ad-fs-openid-connect-oauth-concepts
 */
export function adfs(host: string): Preset {
  if (IS_DEVELOPMENT) checkPreset('adfs()', { host })
  requireKind('adfs()', 'string', host)
  return { issuer: `https://${host}/adfs`, scope: OPENID_SCOPE }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
