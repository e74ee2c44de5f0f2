import * as providers from '../providers.js'
import type { Preset } from '../providers.js'

/** What a provider really sends: one exchange, written down from the sources. */
export interface ProviderExchange {
  readonly name: string
  readonly preset: Preset
  /** At least two public sources of this exchange. */
  readonly sources: readonly [string, string, ...string[]]
  /** Of the authorization response, besides `code` and `state`. */
  readonly response?: Readonly<Record<string, string>>
  /** The discovery document is at this URL, with this issuer. */
  readonly discovery?: { readonly url: string; readonly issuer: string; readonly more?: object }
  /** Claims of the ID token, besides `sub`, `exp`, `iat` and `nonce`. A refresh has `refreshedClaims` as well. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly refreshedClaims?: Readonly<Record<string, unknown>>
  /** Some providers do not put the requested nonce into the ID token. */
  readonly withoutNonce?: boolean
  /** Body of the token response: an object is JSON, text is form-encoded. `ID_TOKEN` stands for the ID token. */
  readonly token: object | string
  readonly refreshed?: object | string
  /** How the provider refuses a dead refresh token. */
  readonly refusal?: { readonly status: number; readonly body: object | string }
  readonly userInfo?: object
  /** What the app sees. */
  readonly expected: {
    readonly scope?: string
    readonly accessToken?: string
    readonly userInfo?: object
    /** Parameters of the authorization request. */
    readonly request?: Readonly<Record<string, string | null>>
    /** The URL of the sign-out without `id_token_hint` and `state`. Default: the provider has none. */
    readonly signOut?: string
  }
}

const invalidGrant = { status: 400, body: { error: 'invalid_grant', error_description: 'Token is expired or revoked' } }
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const APP = 'https://app.example/'
const end = (endpoint: string): { readonly end_session_endpoint: string } => ({ end_session_endpoint: endpoint })
const rpLogout = (endpoint: string): string =>
  `${endpoint}?post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&client_id=client-1`
const openIdToken = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600, refresh_token: 'rt-1', id_token: 'ID_TOKEN' }
const openIdRefreshed = { ...openIdToken, access_token: 'at-2', refresh_token: 'rt-2' }

const oauth: readonly ProviderExchange[] = [
  {
    name: 'GitHub',
    preset: providers.github(),
    sources: [
      'https://github.com/openiddict/openiddict-core/pull/2529',
      'https://github.com/langfuse/langfuse/pull/13093',
      'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens',
    ],
    response: { iss: 'https://github.com/login/oauth' },
    token: 'access_token=at-1&expires_in=28800&refresh_token=rt-1&scope=read%3Auser%2Cuser%3Aemail&token_type=bearer',
    refreshed: 'access_token=at-2&expires_in=28800&refresh_token=rt-2&scope=&token_type=bearer',
    refusal: { status: 200, body: 'error=bad_refresh_token&error_description=The+refresh+token+passed+is+incorrect+or+expired.' },
    userInfo: { id: 583231, login: 'octocat', name: null, avatar_url: 'https://a/' },
    expected: {
      scope: 'read:user user:email',
      userInfo: { sub: '583231', preferred_username: 'octocat', picture: 'https://a/' },
    },
  },
  {
    name: 'Slack, as a bot',
    preset: providers.slack(),
    sources: [
      'https://docs.slack.dev/reference/methods/oauth.v2.access',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/slack.ts',
      'https://github.com/oomol-lab/open-connector/issues/411',
    ],
    token: {
      ok: true,
      access_token: 'at-1',
      token_type: 'bot',
      scope: 'commands,incoming-webhook',
      expires_in: 43200,
      refresh_token: 'rt-1',
      authed_user: { id: 'U1' },
    },
    refreshed: { ok: true, access_token: 'at-2', token_type: 'bot', scope: 'commands', expires_in: 43200, refresh_token: 'rt-2' },
    refusal: { status: 200, body: { ok: false, error: 'invalid_refresh_token' } },
    expected: { scope: 'commands incoming-webhook' },
  },
  {
    name: 'Slack, as the user',
    preset: providers.slack({ userScope: 'users:read' }),
    sources: [
      'https://github.com/slackapi/java-slack-sdk/issues/1565',
      'https://github.com/ginjo/omniauth-slack/issues/10',
      'https://github.com/slack-go/slack/pull/1030',
    ],
    token: {
      ok: true,
      access_token: 'bot-token',
      token_type: 'bot',
      scope: 'commands',
      authed_user: { id: 'U1', access_token: 'at-1', token_type: 'user', scope: 'users:read,chat:write', refresh_token: 'rt-1' },
    },
    refreshed: { ok: true, access_token: 'at-2', token_type: 'user', scope: 'users:read', refresh_token: 'rt-2' },
    refusal: { status: 200, body: { ok: false, error: 'token_revoked' } },
    expected: { scope: 'users:read chat:write', request: { user_scope: 'users:read' } },
  },
  {
    name: 'Discord',
    preset: providers.discord(),
    sources: [
      'https://discord.com/developers/docs/topics/oauth2',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/discord.ts',
    ],
    token: { access_token: 'at-1', token_type: 'Bearer', expires_in: 604800, refresh_token: 'rt-1', scope: 'identify email' },
    refreshed: { access_token: 'at-2', token_type: 'Bearer', expires_in: 604800, refresh_token: 'rt-2', scope: 'identify email' },
    refusal: { status: 400, body: { error: 'invalid_grant' } },
    userInfo: { id: '80351110224678912', username: 'nelly', global_name: 'Nelly' },
    expected: { scope: 'identify email', userInfo: { sub: '80351110224678912', preferred_username: 'nelly', name: 'Nelly' } },
  },
  {
    name: 'Spotify',
    preset: providers.spotify(),
    sources: [
      'https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/spotify.ts',
    ],
    token: { access_token: 'at-1', token_type: 'Bearer', scope: 'user-read-email', expires_in: 3600, refresh_token: 'rt-1' },
    refreshed: { access_token: 'at-2', token_type: 'Bearer', scope: 'user-read-email', expires_in: 3600, refresh_token: 'rt-2' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'Refresh token revoked' } },
    userInfo: { id: 'ada', display_name: 'Ada' },
    expected: { scope: 'user-read-email', userInfo: { sub: 'ada', name: 'Ada' } },
  },
  {
    name: 'Stack Exchange',
    preset: providers.stackExchange('math'),
    sources: [
      'https://api.stackexchange.com/docs/authentication',
      'https://docs.authlib.org/en/v0.13/client/oauth2.html#compliance-fix-for-oauth-2',
    ],
    token: 'access_token=at-1&expires=86400',
    expected: {},
  },
  {
    name: 'Dropbox',
    preset: providers.dropbox(),
    sources: [
      'https://developers.dropbox.com/oauth-guide',
      'https://github.com/dropbox/dropbox-sdk-js/blob/main/examples/javascript/pkce-browser/index.html',
      'https://github.com/pilcrowonpaper/arctic/pull/192',
    ],
    token: {
      access_token: 'at-1',
      token_type: 'bearer',
      expires_in: 14400,
      refresh_token: 'rt-1',
      scope: 'account_info.read',
      uid: '12345',
      account_id: 'dbid:A',
    },
    // Dropbox does not rotate the refresh token.
    refreshed: { access_token: 'at-2', token_type: 'bearer', expires_in: 14400 },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'refresh token is invalid or revoked' } },
    expected: { scope: 'account_info.read', request: { token_access_type: 'offline' } },
  },
  {
    name: 'X',
    preset: providers.x(),
    sources: [
      'https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/twitter.ts',
      'https://github.com/plhery/node-twitter-api-v2/issues/496',
    ],
    token: {
      token_type: 'bearer',
      expires_in: 7200,
      access_token: 'at-1',
      scope: 'tweet.read users.read offline.access',
      refresh_token: 'rt-1',
    },
    refreshed: { token_type: 'bearer', expires_in: 7200, access_token: 'at-2', scope: 'tweet.read', refresh_token: 'rt-2' },
    refusal: {
      status: 400,
      body: { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
    },
    userInfo: { data: { id: '2244994945', name: 'X Dev', username: 'TwitterDev' } },
    expected: {
      scope: 'tweet.read users.read offline.access',
      userInfo: { sub: '2244994945', name: 'X Dev', preferred_username: 'TwitterDev' },
      request: { code_challenge_method: 'S256' },
    },
  },
  {
    name: 'Facebook',
    preset: providers.facebook(),
    sources: [
      'https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/facebook.ts',
      'https://app.unpkg.com/sst@3.17.3/files/dist/auth/adapter/facebook.js',
    ],
    token: { access_token: 'at-1', token_type: 'bearer', expires_in: 5183944 },
    userInfo: { id: '1', name: 'Ada L', first_name: 'Ada', picture: { data: { url: 'https://p/', height: 50 } } },
    expected: { userInfo: { sub: '1', name: 'Ada L', given_name: 'Ada', picture: 'https://p/' } },
  },
  {
    name: 'Bitbucket',
    preset: providers.bitbucket(),
    sources: [
      'https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/',
      'https://github.com/terrakube-io/terrakube/issues/47',
      'https://github.com/avivsinai/bitbucket-cli/issues/153',
    ],
    token: {
      scopes: 'repository account',
      access_token: 'at-1',
      expires_in: 7200,
      token_type: 'bearer',
      state: 'authorization_code',
      refresh_token: 'rt-1',
    },
    refreshed: { scopes: 'repository', access_token: 'at-2', expires_in: 7200, token_type: 'bearer', state: 'refresh_token' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid refresh_token' } },
    userInfo: { uuid: '{u-1}', display_name: 'Ada', nickname: 'ada' },
    expected: { scope: 'repository account', userInfo: { sub: '{u-1}', name: 'Ada', preferred_username: 'ada' } },
  },
]

const openId: readonly ProviderExchange[] = [
  {
    name: 'LinkedIn',
    preset: providers.linkedin(),
    sources: [
      'https://github.com/authlib/authlib/issues/763',
      'https://github.com/nextauthjs/next-auth/issues/8831',
      'https://github.com/keycloak/keycloak/issues/28686',
      'https://github.com/directus/directus/issues/23645',
    ],
    claims: { iss: 'https://www.linkedin.com/oauth', email_verified: 'true' },
    withoutNonce: true,
    token: {
      access_token: 'at-1',
      expires_in: 5183999,
      scope: 'email,openid,profile',
      token_type: 'Bearer',
      id_token: 'ID_TOKEN',
    },
    userInfo: { sub: 'user-1', name: 'Ada', locale: { country: 'GB', language: 'en' } },
    expected: {
      scope: 'email openid profile',
      userInfo: { sub: 'user-1', name: 'Ada' },
      request: { nonce: null, code_challenge: null },
    },
  },
  {
    name: 'Twitch',
    preset: providers.twitch({ clientId: 'client-1' }),
    sources: [
      'https://github.com/twitchdev/issues/issues/178',
      'https://github.com/twitchdev/issues/issues/1042',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/twitch.ts',
    ],
    claims: { iss: 'https://id.twitch.tv/oauth2', preferred_username: 'ada' },
    token: {
      access_token: 'at-1',
      expires_in: 14293,
      refresh_token: 'rt-1',
      scope: ['openid', 'user:read:email'],
      token_type: 'bearer',
      id_token: 'ID_TOKEN',
    },
    refreshed: {
      access_token: 'at-2',
      expires_in: 14293,
      refresh_token: 'rt-2',
      scope: ['openid', 'user:read:email'],
      token_type: 'bearer',
    },
    refusal: { status: 400, body: { status: 400, message: 'Invalid refresh token' } },
    userInfo: { sub: 'user-1', preferred_username: 'ada' },
    expected: { scope: 'openid user:read:email', userInfo: { preferred_username: 'ada' } },
  },
  {
    name: 'Apple',
    preset: providers.apple(),
    sources: [
      'https://developer.apple.com/documentation/signinwithapplerestapi/tokenresponse',
      'https://github.com/pilcrowonpaper/arctic/issues/214',
      'https://github.com/nov/apple_id/issues/6',
    ],
    claims: { iss: 'https://appleid.apple.com', nonce_supported: true, email_verified: 'true' },
    token: { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600, refresh_token: 'rt-1', id_token: 'ID_TOKEN' },
    refreshed: { access_token: 'at-2', token_type: 'Bearer', expires_in: 3600, id_token: 'ID_TOKEN' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'The token has expired or has been revoked.' } },
    expected: { scope: 'openid' },
  },
  {
    name: 'Google',
    preset: providers.google(),
    sources: [
      'https://developers.google.com/identity/openid-connect/openid-connect',
      'https://github.com/manfredsteyer/angular-oauth2-oidc/issues/812',
      'https://github.com/pilcrowonpaper/arctic/issues/274',
    ],
    response: { scope: 'email profile openid', authuser: '0', prompt: 'consent' },
    discovery: { url: 'https://accounts.google.com/.well-known/openid-configuration', issuer: 'https://accounts.google.com' },
    claims: { iss: 'https://accounts.google.com', azp: 'client-1', email: 'ada@example.com', email_verified: true },
    token: { ...openIdToken, scope: 'openid https://www.googleapis.com/auth/userinfo.email' },
    // Google does not rotate the refresh token.
    refreshed: { access_token: 'at-2', expires_in: 3599, scope: 'openid', token_type: 'Bearer', id_token: 'ID_TOKEN' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } },
    expected: { scope: 'openid https://www.googleapis.com/auth/userinfo.email' },
  },
  {
    name: 'Entra ID, one directory',
    preset: providers.microsoftEntra(TENANT),
    sources: [
      'https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc',
      'https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/7033',
    ],
    discovery: {
      url: `https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`,
      issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      more: end(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/logout`),
    },
    claims: { iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, tid: TENANT, oid: 'o-1' },
    token: { ...openIdToken, ext_expires_in: 3600, scope: 'openid profile email' },
    refreshed: openIdRefreshed,
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS700084: …', error_codes: [700084] } },
    expected: {
      scope: 'openid profile email',
      signOut: rpLogout(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/logout`),
    },
  },
  ...(['common', 'organizations'] as const).map((name): ProviderExchange => ({
    name: `Entra ID, ${name}`,
    preset: providers.microsoftEntra(name),
    sources: [
      'https://github.com/MicrosoftDocs/azure-docs/issues/95994',
      'https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#validate-the-issuer',
    ],
    discovery: {
      url: `https://login.microsoftonline.com/${name}/v2.0/.well-known/openid-configuration`,
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    },
    claims: { iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, tid: TENANT },
    token: { ...openIdToken, scope: 'openid profile email' },
    refreshed: openIdRefreshed,
    refusal: {
      status: 400,
      body: { error: 'interaction_required', error_description: 'AADSTS50076: …', suberror: 'basic_action' },
    },
    expected: { scope: 'openid profile email' },
  })),
  {
    name: 'Entra ID, consumers',
    preset: providers.microsoftEntra('consumers'),
    sources: [
      'https://github.com/MicrosoftDocs/azure-docs/issues/95994',
      'https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference',
    ],
    discovery: {
      url: 'https://login.microsoftonline.com/consumers/v2.0/.well-known/openid-configuration',
      issuer: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
    },
    claims: {
      iss: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
      tid: '9188040d-6c67-4c5b-b112-36a304b66dad',
    },
    token: openIdToken,
    refreshed: openIdRefreshed,
    refusal: invalidGrant,
    expected: {},
  },
  {
    name: 'Azure AD B2C',
    preset: providers.azureAdB2c({ tenant: 'contoso', tenantId: TENANT, policy: 'B2C_1_in', clientId: 'client-1' }),
    sources: [
      'https://github.com/coreos/go-oidc/issues/121',
      'https://github.com/MicrosoftDocs/azure-docs/issues/64582',
      'https://learn.microsoft.com/en-us/azure/active-directory-b2c/access-tokens',
    ],
    discovery: {
      url: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_in/v2.0/.well-known/openid-configuration',
      issuer: `https://contoso.b2clogin.com/${TENANT}/v2.0/`,
      more: end('https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_in/oauth2/v2.0/logout'),
    },
    claims: { iss: `https://contoso.b2clogin.com/${TENANT}/v2.0/`, tfp: 'B2C_1_in' },
    token: { ...openIdToken, not_before: 1, expires_in: '3600', scope: 'client-1 offline_access openid' },
    refreshed: { ...openIdRefreshed, expires_in: '3600' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'AADB2C90080: The provided grant has expired.' } },
    expected: {
      scope: 'client-1 offline_access openid',
      request: { scope: 'openid profile offline_access client-1' },
      signOut: rpLogout('https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_in/oauth2/v2.0/logout'),
    },
  },
  {
    name: 'Auth0',
    preset: providers.auth0('x.auth0.com', { audience: 'urn:api' }),
    sources: [
      'https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-rotation',
      'https://github.com/nextauthjs/next-auth/blob/main/packages/core/src/providers/auth0.ts',
    ],
    discovery: {
      url: 'https://x.auth0.com/.well-known/openid-configuration',
      issuer: 'https://x.auth0.com/',
      more: end('https://x.auth0.com/oidc/logout'),
    },
    claims: { iss: 'https://x.auth0.com/', sid: 's-1' },
    token: { ...openIdToken, scope: 'openid profile email offline_access' },
    refreshed: openIdRefreshed,
    refusal: { status: 403, body: { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' } },
    expected: {
      scope: 'openid profile email offline_access',
      request: { audience: 'urn:api' },
      signOut: rpLogout('https://x.auth0.com/oidc/logout'),
    },
  },
  {
    name: 'Okta',
    preset: providers.okta('x.okta.com'),
    sources: [
      'https://developer.okta.com/docs/guides/refresh-tokens/main/',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/okta.ts',
    ],
    discovery: {
      url: 'https://x.okta.com/oauth2/default/.well-known/openid-configuration',
      issuer: 'https://x.okta.com/oauth2/default',
      more: end('https://x.okta.com/oauth2/default/v1/logout'),
    },
    claims: { iss: 'https://x.okta.com/oauth2/default', ver: 1, amr: ['pwd'] },
    token: { ...openIdToken, scope: 'openid profile email offline_access' },
    refreshed: openIdRefreshed,
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'The refresh token is invalid or expired.' } },
    expected: { signOut: rpLogout('https://x.okta.com/oauth2/default/v1/logout') },
  },
  {
    name: 'Keycloak',
    preset: providers.keycloak('https://id.example/', 'my realm'),
    sources: [
      'https://www.keycloak.org/securing-apps/oidc-layers',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/keycloak.ts',
    ],
    response: { session_state: 'ss-1', iss: 'https://id.example/realms/my%20realm' },
    discovery: {
      url: 'https://id.example/realms/my%20realm/.well-known/openid-configuration',
      issuer: 'https://id.example/realms/my%20realm',
      more: {
        ...end('https://id.example/realms/my%20realm/protocol/openid-connect/logout'),
        authorization_response_iss_parameter_supported: true,
      },
    },
    claims: { iss: 'https://id.example/realms/my%20realm', azp: 'client-1', typ: 'ID', sid: 's-1' },
    token: { ...openIdToken, 'not-before-policy': 0, refresh_expires_in: 1800, session_state: 'ss-1', scope: 'openid email' },
    refreshed: openIdRefreshed,
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'Session not active' } },
    expected: { scope: 'openid email', signOut: rpLogout('https://id.example/realms/my%20realm/protocol/openid-connect/logout') },
  },
  {
    name: 'Cognito',
    preset: providers.cognito('eu-west-1', 'eu-west-1_A'),
    sources: [
      'https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html',
      'https://github.com/ITfoxtec/FoxIDs/issues/961',
      'https://github.com/authts/oidc-client-ts/issues/2107',
    ],
    discovery: {
      url: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A/.well-known/openid-configuration',
      issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A',
      more: end('https://my.auth.eu-west-1.amazoncognito.com/logout'),
    },
    claims: { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A', token_use: 'id', auth_time: 1000 },
    refreshedClaims: { auth_time: 2000 },
    token: openIdToken,
    refreshed: { access_token: 'at-2', token_type: 'Bearer', expires_in: 3600, id_token: 'ID_TOKEN' },
    refusal: { status: 400, body: { error: 'invalid_grant' } },
    expected: {
      signOut: 'https://my.auth.eu-west-1.amazoncognito.com/logout?client_id=client-1&logout_uri=https%3A%2F%2Fapp.example%2F',
    },
  },
  {
    name: 'GitLab',
    preset: providers.gitlab(),
    sources: [
      'https://docs.gitlab.com/integration/openid_connect_provider/',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/gitlab.ts',
    ],
    discovery: { url: 'https://gitlab.com/.well-known/openid-configuration', issuer: 'https://gitlab.com' },
    claims: { iss: 'https://gitlab.com', sub_legacy: 'x' },
    token: { ...openIdToken, token_type: 'Bearer', created_at: 1, scope: 'openid profile email' },
    refreshed: openIdRefreshed,
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'The provided authorization grant is invalid' } },
    expected: { scope: 'openid profile email' },
  },
  {
    name: 'ZITADEL',
    preset: providers.zitadel('https://x.zitadel.cloud/'),
    sources: [
      'https://zitadel.com/docs/apis/openidoauth/claims',
      'https://github.com/BookStackApp/BookStack/pull/4147',
      'https://github.com/pilcrowonpaper/arctic/blob/main/src/providers/zitadel.ts',
    ],
    discovery: {
      url: 'https://x.zitadel.cloud/.well-known/openid-configuration',
      issuer: 'https://x.zitadel.cloud',
      more: end('https://x.zitadel.cloud/oidc/v1/end_session'),
    },
    // The other clients of the project and the project itself are audiences as well.
    claims: { iss: 'https://x.zitadel.cloud', aud: ['client-1', 'client-2', 'project-1'], azp: 'client-1' },
    token: { ...openIdToken, token_type: 'Bearer', scope: 'openid profile email offline_access' },
    refreshed: openIdRefreshed,
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'Errors.User.RefreshToken.Invalid' } },
    expected: { signOut: rpLogout('https://x.zitadel.cloud/oidc/v1/end_session') },
  },
  {
    name: 'authentik',
    preset: providers.authentik('https://auth.example/', 'my-app'),
    sources: [
      'https://docs.goauthentik.io/add-secure-apps/providers/oauth2/',
      'https://github.com/nextauthjs/next-auth/blob/main/packages/core/src/providers/authentik.ts',
    ],
    discovery: {
      url: 'https://auth.example/application/o/my-app/.well-known/openid-configuration',
      issuer: 'https://auth.example/application/o/my-app/',
      more: end('https://auth.example/application/o/my-app/end-session/'),
    },
    claims: { iss: 'https://auth.example/application/o/my-app/', acr: 'goauthentik.io/providers/oauth2/default' },
    token: { ...openIdToken, scope: 'openid profile email offline_access' },
    refreshed: openIdRefreshed,
    refusal: invalidGrant,
    expected: { signOut: rpLogout('https://auth.example/application/o/my-app/end-session/') },
  },
  {
    name: 'AD FS',
    preset: providers.adfs('adfs.example'),
    sources: [
      'https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/development/ad-fs-openid-connect-oauth-concepts',
      'https://github.com/AzureAD/azure-activedirectory-library-for-js/issues/670',
      'https://github.com/DuendeArchive/identity-model-oidc-client-js/issues/1301',
    ],
    discovery: {
      url: 'https://adfs.example/adfs/.well-known/openid-configuration',
      issuer: 'https://adfs.example/adfs',
      more: { ...end('https://adfs.example/adfs/oauth2/logout'), access_token_issuer: 'http://adfs.example/adfs/services/trust' },
    },
    claims: { iss: 'https://adfs.example/adfs', upn: 'ada@corp', auth_time: 1000 },
    token: { ...openIdToken, token_type: 'bearer', resource: 'urn:microsoft:userinfo', refresh_token_expires_in: 28800 },
    refreshed: { access_token: 'at-2', token_type: 'bearer', expires_in: 3600, id_token: 'ID_TOKEN' },
    refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'MSIS9615: The refresh token is not valid.' } },
    expected: { signOut: rpLogout('https://adfs.example/adfs/oauth2/logout') },
  },
  {
    name: 'Oracle IDCS',
    preset: providers.oracleIdcs('https://idcs-1.identity.oraclecloud.com'),
    sources: [
      'https://github.com/damienbod/angular-auth-oidc-client/issues/582',
      'https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewayusingjwttokens-identityprovider.htm',
    ],
    discovery: {
      url: 'https://idcs-1.identity.oraclecloud.com/.well-known/openid-configuration',
      issuer: 'https://identity.oraclecloud.com/',
      more: end('https://idcs-1.identity.oraclecloud.com/oauth2/v1/userlogout'),
    },
    claims: { iss: 'https://identity.oraclecloud.com/', aud: ['https://identity.oraclecloud.com/', 'client-1'] },
    token: openIdToken,
    refreshed: openIdRefreshed,
    refusal: invalidGrant,
    expected: { signOut: rpLogout('https://idcs-1.identity.oraclecloud.com/oauth2/v1/userlogout') },
  },
  {
    name: 'NetSuite',
    preset: providers.netsuite('1234567_SB1', { trustedAudiences: ['1234567_SB1'] }),
    sources: [
      'https://github.com/pow-auth/assent/issues/111',
      'https://gist.github.com/absowoot/fe67de899b81575fe4b6b5cdb64202db',
      'https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_160855370280.html',
    ],
    discovery: {
      url: 'https://1234567-sb1.suitetalk.api.netsuite.com/.well-known/openid-configuration',
      issuer: 'https://system.netsuite.com',
    },
    claims: { iss: 'https://system.netsuite.com', aud: ['1234567_SB1', 'client-1'] },
    token: { ...openIdToken, expires_in: '3600' },
    refreshed: { ...openIdRefreshed, expires_in: '3600' },
    refusal: invalidGrant,
    expected: {},
  },
]

export const exchanges: readonly ProviderExchange[] = [...oauth, ...openId]
export const appUrl = APP
