import type { FindingCode } from './finding-code.js'

/** A provider whose settings the doctor knows by name. */
export type ProviderName =
  | 'Keycloak'
  | 'Microsoft Entra ID'
  | 'Auth0'
  | 'Okta'
  | 'Amazon Cognito'
  | 'Google'
  | 'ZITADEL'
  | 'authentik'
  | 'GitHub'

/** Where a provider has the setting that fixes a finding. */
export interface ProviderSetting {
  readonly provider: ProviderName
  /** The way to the setting in the provider's console, with the names that it has there. */
  readonly setting: string
}

/**
 * The names are those of the providers' own manuals, and were looked up in November 2026.
 *
 * @see Keycloak: https://www.keycloak.org/docs/latest/server_admin/ ("Basic configuration" and "Advanced configuration" of OIDC clients)
 * @see Cognito: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html and
 *   cognito-user-pools-social-idp.html (menu "App clients", tab "Login pages", "Managed login pages configuration")
 * @see ZITADEL: https://zitadel.com/docs/guides/manage/console/applications-overview ("Redirect URIs", "Additional Origins") and
 *   https://help.zitadel.com/how-to-enable-and-receive-refresh-tokens
 * @see authentik: https://docs.goauthentik.io/add-secure-apps/providers/oauth2/ ("Scope mappings", "Signing & Encryption")
 * @see GitHub: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/creating-an-oauth-app
 */
type Settings = Readonly<Partial<Record<ProviderName, string>>>

const REDIRECT_URI: Settings = {
  Keycloak: 'Clients › your client › Settings › Access settings › Valid redirect URIs',
  'Microsoft Entra ID': 'App registrations › your app › Authentication › Single-page application › Redirect URIs',
  Auth0: 'Applications › your application › Settings › Allowed Callback URLs',
  Okta: 'Applications › your app › General › Sign-in redirect URIs',
  'Amazon Cognito': 'App clients › your client › Login pages › Managed login pages configuration › Edit › Allowed callback URLs',
  Google: 'Clients › your OAuth client › Authorized redirect URIs',
  ZITADEL: 'Projects › your project › your application › Redirect URIs; Development mode for http',
  authentik: 'Applications › Providers › your provider › Edit › Redirect URIs',
  GitHub: 'Settings › Developer settings › OAuth Apps › your app › Authorization callback URL',
}

const CLIENT_ID: Settings = {
  Keycloak: 'Clients › Client ID, in the realm that the issuer names',
  'Microsoft Entra ID': 'App registrations › your app › Overview › Application (client) ID',
  Auth0: 'Applications › your application › Settings › Client ID',
  Okta: 'Applications › your app › General › Client ID',
  'Amazon Cognito': 'App clients › Client ID, in the user pool that the issuer names',
  Google: 'Clients › Client ID',
  ZITADEL: 'Projects › your project › your application › Client ID',
  authentik: 'Applications › Providers › your provider › Client ID',
}

const CORS: Settings = {
  Keycloak: 'Clients › your client › Settings › Access settings › Web origins',
  'Microsoft Entra ID':
    'App registrations › your app › Authentication: register the redirect URI as Single-page application, not as Web',
  Auth0: 'Applications › your application › Settings › Allowed Origins (CORS)',
  Okta: 'Security › API › Trusted Origins, of the type CORS',
  Google: 'Clients › your OAuth client › Authorized JavaScript origins',
  ZITADEL: 'Projects › your project › your application › Additional Origins',
  authentik: 'Applications › Providers › your provider › Edit › Redirect URIs: the origin of a redirect URI may read responses',
}

const GRANT: Settings = {
  Keycloak: 'Clients › your client › Settings › Capability config › Standard flow',
  'Microsoft Entra ID':
    'App registrations › your app › Authentication › Single-page application; Implicit grant and hybrid flows',
  Auth0: 'Applications › your application › Settings › Advanced Settings › Grant Types',
  Okta: 'Applications › your app › General › Grant type',
  'Amazon Cognito': 'App clients › your client › Login pages › Managed login pages configuration › Edit › OAuth 2.0 grant types',
}

const REFRESH: Settings = {
  Keycloak: 'Clients › your client › Advanced › Open ID Connect Compatibility Modes › Use refresh tokens',
  'Microsoft Entra ID': 'request the scope offline_access',
  Auth0: 'APIs › your API › Settings › Allow Offline Access; Applications › your application › Grant Types › Refresh Token',
  Okta: 'Applications › your app › General › Grant type › Refresh Token; request the scope offline_access',
  'Amazon Cognito':
    'App clients › your client › App client information › Edit › Authentication flows › ALLOW_REFRESH_TOKEN_AUTH (no scope is needed)',
  Google: 'params: { access_type: "offline", prompt: "consent" } in the options of the client',
  ZITADEL: 'Projects › your project › your application › Refresh Token; request the scope offline_access',
  authentik:
    'Applications › Providers › your provider › Edit › Advanced protocol settings › Scopes: add offline_access, and request it',
}

const PUBLIC_CLIENT: Settings = {
  Keycloak: 'Clients › your client › Settings › Capability config › Client authentication: Off',
  'Microsoft Entra ID': 'App registrations › your app › Authentication › Single-page application, not Web',
  Auth0: 'Applications › your application › Settings › Application Type: Single Page Application',
  Okta: 'Applications › your app › General › Client authentication: None',
  'Amazon Cognito': 'create an app client without a client secret',
  Google: 'clients of the type Web application always need the secret: exchange the code in your back end',
  ZITADEL: 'create an application of the type User Agent, with the authentication method PKCE',
  authentik: 'Applications › Providers › your provider › Edit › Client type: Public',
}

const SCOPE: Settings = {
  Keycloak: 'Clients › your client › Client scopes',
  'Microsoft Entra ID': 'App registrations › your app › API permissions',
  Auth0: 'APIs › your API › Permissions',
  Okta: 'Security › API › Authorization Servers › your server › Scopes',
  'Amazon Cognito': 'App clients › your client › Login pages › Managed login pages configuration › Edit › OpenID Connect scopes',
  authentik: 'Applications › Providers › your provider › Edit › Advanced protocol settings › Scopes',
}

const ALGORITHM: Settings = {
  Keycloak: 'Clients › your client › Advanced › Fine grain OpenID Connect configuration › ID token signature algorithm',
  Auth0:
    'Applications › your application › Settings › Advanced Settings › OAuth › JSON Web Token (JWT) Signature Algorithm: RS256',
  authentik:
    'Applications › Providers › your provider › Edit › Signing Key: without one, tokens are signed with the client secret (HS256)',
}

const ISSUER = {
  Keycloak: 'https://<host>/realms/<realm>, without a slash at the end',
  'Microsoft Entra ID': 'https://login.microsoftonline.com/<tenant id>/v2.0',
  Auth0: 'https://<domain>/, with a slash at the end',
  Okta: 'https://<domain>/oauth2/default: Security › API › Authorization Servers › Issuer URI',
  'Amazon Cognito': 'https://cognito-idp.<region>.amazonaws.com/<user pool id>',
  Google: 'https://accounts.google.com',
  ZITADEL: 'https://<instance>.zitadel.cloud, without a slash at the end',
  authentik: 'https://<host>/application/o/<slug>/, with a slash at the end',
} satisfies Settings

const METADATA: Settings = {
  ...ISSUER,
  Keycloak: `${ISSUER.Keycloak}; Realm settings › General › Require SSL`,
  GitHub: 'there is no metadata: use github({ tokenEndpoint }) of @latchkey/core/providers instead of an issuer',
}

const ISSUER_MISMATCH: Settings = {
  ...ISSUER,
  Keycloak: `${ISSUER.Keycloak}; hostname and proxy-headers`,
}

const SETTINGS: Readonly<Partial<Record<FindingCode, Settings>>> = {
  metadata_unreachable: METADATA,
  issuer_mismatch: ISSUER_MISMATCH,
  redirect_uri_not_registered: REDIRECT_URI,
  redirect_uri_other_origin: REDIRECT_URI,
  client_unknown: CLIENT_ID,
  client_secret_required: PUBLIC_CLIENT,
  cors_metadata: CORS,
  cors_token: CORS,
  cors_userinfo: CORS,
  cors_jwks: CORS,
  response_type_not_allowed: GRANT,
  grant_not_allowed: GRANT,
  scope_not_allowed: SCOPE,
  no_refresh_token: REFRESH,
  algorithm_mismatch: ALGORITHM,
  jwks_no_key: ALGORITHM,
}

/** How the issuers of each provider look. Custom domains look like no provider. */
const ISSUERS: readonly (readonly [ProviderName, RegExp])[] = [
  ['Keycloak', /\/realms\/[^/]+/],
  ['Microsoft Entra ID', /^https:\/\/(?:login\.microsoftonline\.com|sts\.windows\.net|[^/]+\.ciamlogin\.com)\//],
  ['Auth0', /^https:\/\/[^/]+\.auth0\.com\b/],
  ['Okta', /^https:\/\/[^/]+\.okta(?:preview|-emea)?\.com\b/],
  ['Amazon Cognito', /^https:\/\/cognito-idp\.[^/]+\.amazonaws\.com\b/],
  ['Google', /^https:\/\/accounts\.google\.com\b/],
  ['ZITADEL', /^https:\/\/[^/]+\.zitadel\.(?:cloud|app)\b/],
  ['authentik', /\/application\/o\/[^/]+/],
  ['GitHub', /^https:\/\/github\.com\b/],
]

/** No provider runs on the developer's own machine, except Keycloak. */
const OWN_MACHINE = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/

/** @returns the setting at the provider of the issuer; at all known providers if it may be any of them */
export function settingsFor(code: FindingCode, issuer: string | undefined): readonly ProviderSetting[] {
  const settings = Object.entries(SETTINGS[code] ?? {}) as (readonly [ProviderName, string])[]
  const own = providerOf(issuer)
  if (own === undefined && issuer !== undefined && OWN_MACHINE.test(issuer)) return []
  return settings
    .filter(([provider]) => own === undefined || provider === own)
    .map(([provider, setting]) => ({ provider, setting }))
}

/** @returns the provider whose issuers look like this one */
export function providerOf(issuer: string | undefined): ProviderName | undefined {
  return ISSUERS.find(([, pattern]) => issuer !== undefined && pattern.test(issuer))?.[0]
}
