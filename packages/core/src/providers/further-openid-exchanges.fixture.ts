import * as providers from '../providers.js'
import { invalidGrant, end, rpLogout, openIdToken, openIdRefreshed, type ProviderExchange } from './provider-exchange.fixture.js'

export const furtherOpenIdExchanges: readonly ProviderExchange[] = [
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
    noSignOut: {
      why: 'its metadata has no end session endpoint',
      source: 'https://github.com/torbenraab/plane/issues/28',
    },
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
    noSignOut: {
      why: 'its metadata says which endpoints an account has; none for a sign-out is known',
      source: 'https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_160855370280.html',
    },
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
