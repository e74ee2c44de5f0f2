import * as providers from '../providers.js'
import {
  invalidGrant,
  TENANT,
  end,
  rpLogout,
  openIdToken,
  openIdRefreshed,
  type ProviderExchange,
} from './provider-exchange.fixture.js'

export const openIdExchanges: readonly ProviderExchange[] = [
  {
    name: 'LinkedIn',
    preset: providers.linkedin(),
    sources: [
      'https://github.com/authlib/authlib/issues/763',
      'https://github.com/nextauthjs/next-auth/issues/8831',
      'https://github.com/keycloak/keycloak/issues/28686',
      'https://github.com/directus/directus/issues/23645',
      'https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens',
    ],
    noSignOut: {
      why: 'its metadata has no end session endpoint',
      source: 'https://logto.io/oauth-providers-explorer/linkedin',
    },
    claims: { iss: 'https://www.linkedin.com/oauth', email_verified: 'true' },
    withoutNonce: true,
    token: {
      access_token: 'at-1',
      expires_in: 5183999,
      scope: 'email,openid,profile',
      token_type: 'Bearer',
      id_token: 'ID_TOKEN',
      // For approved partners only; others get no refresh token. A refresh leaves it as it is, and returns no ID token.
      refresh_token: 'rt-1',
      refresh_token_expires_in: 31_536_000,
    },
    refreshed: { access_token: 'at-2', expires_in: 5_183_999, refresh_token: 'rt-1', refresh_token_expires_in: 26_439_000 },
    refusal: invalidGrant,
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
    noSignOut: {
      why: 'only tokens can be revoked',
      source: 'https://dev.twitch.tv/docs/authentication/revoke-tokens',
    },
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
    noSignOut: {
      why: 'it has no end session endpoint',
      source: 'https://github.com/scottbrady91/AspNetCore-SignInWithApple-Example/issues/7',
    },
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
    noSignOut: {
      why: 'its metadata has no end session endpoint',
      source: 'https://github.com/oauth2-proxy/oauth2-proxy/issues/1456',
    },
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
      more: end(`https://login.microsoftonline.com/${name}/oauth2/v2.0/logout`),
    },
    claims: { iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, tid: TENANT },
    token: { ...openIdToken, scope: 'openid profile email' },
    refreshed: openIdRefreshed,
    refusal: {
      status: 400,
      body: { error: 'interaction_required', error_description: 'AADSTS50076: …', suberror: 'basic_action' },
    },
    expected: {
      scope: 'openid profile email',
      signOut: rpLogout(`https://login.microsoftonline.com/${name}/oauth2/v2.0/logout`),
    },
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
      more: end('https://login.microsoftonline.com/consumers/oauth2/v2.0/logout'),
    },
    claims: {
      iss: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
      tid: '9188040d-6c67-4c5b-b112-36a304b66dad',
    },
    token: openIdToken,
    refreshed: openIdRefreshed,
    refusal: invalidGrant,
    expected: { signOut: rpLogout('https://login.microsoftonline.com/consumers/oauth2/v2.0/logout') },
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
]
