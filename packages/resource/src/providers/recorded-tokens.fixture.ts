import type { IssuerOptions } from '../issuers/issuer-options.js'
import { auth0, cognito, entra, keycloak } from './providers.js'

type Json = Readonly<Record<string, unknown>>

/** A token as a provider sends it: its header without `kid` and `alg`, and its claims without times. Ids are replaced. */
export interface RecordedToken {
  readonly name: string
  /** Public pages that show such a token, or list its claims. */
  readonly sources: readonly string[]
  readonly issuer: IssuerOptions | readonly IssuerOptions[]
  readonly header: Json
  readonly claims: Json
  /** What the verifier makes of it. */
  readonly expected: { readonly clientId: string | undefined; readonly scope: readonly string[]; readonly sub?: string }
  /** Changes with which it is refused: the ID token of the same sign-in, and tokens for others. */
  readonly refused: ReadonlyArray<{ readonly because: string; readonly header?: Json; readonly claims: Json }>
}

const AUTH0 = 'https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles'
const COGNITO = 'https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html'
const ENTRA = 'https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference'
const ENTRA_ID_TOKEN = 'https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference'
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const API = '6e74172b-be56-4843-9ff4-e66a39bb12e3'
const REALM = 'https://id.example.org/realms/shop'

const auth0Shared = {
  issuer: auth0({ domain: 'my-domain.auth0.com', audience: 'https://example.com/health-api' }),
  refused: [
    { because: 'the ID token', claims: { aud: 'my_client_id', nonce: 'n', azp: undefined, scope: undefined } },
    { because: 'a token for the Management API', claims: { aud: 'https://my-domain.auth0.com/api/v2/' } },
    { because: 'another tenant', claims: { iss: 'https://other.auth0.com/' } },
    { because: 'a missing slash', claims: { iss: 'https://my-domain.auth0.com' } },
  ],
}

const keycloakClaims = {
  jti: 'e1ac2e55-a655-464b-9039-6874c52398e3',
  iss: REALM,
  aud: ['orders-api', 'account'],
  sub: 'fd8fc3d3-0a39-41f7-9468-45926f658e41',
  typ: 'Bearer',
  azp: 'shop-app',
  sid: 'c09af47f-db7c-4013-bff6-60b78b959786',
  acr: '1',
  realm_access: { roles: ['offline_access', 'uma_authorization'] },
  resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
  scope: 'openid profile email',
  email_verified: true,
  preferred_username: 'ada',
}

const keycloakRefused = [
  { because: 'the ID token', claims: { typ: 'ID', aud: 'shop-app', nonce: 'n', at_hash: 'h' } },
  { because: 'an ID token with an audience mapper', claims: { typ: 'ID' } },
  { because: 'the refresh token', claims: { typ: 'Refresh', aud: REALM } },
  { because: 'a logout token', header: { typ: 'logout+jwt' }, claims: { typ: 'Logout' } },
  { because: 'no audience mapper', claims: { aud: 'account' } },
  { because: 'no audience at all', claims: { aud: undefined } },
  { because: 'another realm', claims: { iss: 'https://id.example.org/realms/master' } },
]

/** Recorded tokens of the providers, and what they must not be taken for. */
export const recordedTokens: readonly RecordedToken[] = [
  {
    ...auth0Shared,
    name: 'Auth0, its own profile',
    sources: [AUTH0],
    header: { typ: 'JWT' },
    claims: {
      iss: 'https://my-domain.auth0.com/',
      sub: 'auth0|123456',
      aud: ['https://example.com/health-api', 'https://my-domain.auth0.com/userinfo'],
      azp: 'my_client_id',
      scope: 'openid profile read:patients read:admin',
      my_custom_claim: 'my_custom_value',
    },
    expected: { clientId: 'my_client_id', scope: ['openid', 'profile', 'read:patients', 'read:admin'], sub: 'auth0|123456' },
  },
  {
    ...auth0Shared,
    name: 'Auth0, the profile of RFC 9068',
    sources: [AUTH0],
    header: { typ: 'at+jwt' },
    claims: {
      iss: 'https://my-domain.auth0.com/',
      sub: 'auth0|123456',
      aud: ['https://example.com/health-api', 'https://my-domain.auth0.com/userinfo'],
      client_id: 'my_client_id',
      jti: '73WakrfVbNJBaAmhQtEeDv',
      scope: 'openid profile read:patients read:admin',
    },
    expected: { clientId: 'my_client_id', scope: ['openid', 'profile', 'read:patients', 'read:admin'] },
  },
  {
    name: 'Amazon Cognito',
    sources: [COGNITO, 'https://docs.aws.amazon.com/verifiedpermissions/latest/userguide/cognito-validation.html'],
    issuer: cognito({ region: 'us-east-1', userPoolId: 'us-east-1_example', clientIds: ['1example23456789'] }),
    header: {},
    claims: {
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      'cognito:groups': ['test-group'],
      iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example',
      version: 2,
      client_id: '1example23456789',
      origin_jti: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      event_id: '64f513be-32db-42b0-b78e-b02127b4f463',
      token_use: 'access',
      scope: 'orders/read openid email',
      auth_time: 1_676_312_777,
      jti: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      username: 'my-test-user',
    },
    expected: { clientId: '1example23456789', scope: ['orders/read', 'openid', 'email'] },
    refused: [
      { because: 'the ID token', claims: { token_use: 'id', aud: '1example23456789', client_id: undefined, at_hash: 'h' } },
      { because: 'an ID token with a client_id', claims: { token_use: 'id' } },
      { because: 'another app client', claims: { client_id: 'other' } },
      { because: 'another user pool', claims: { iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other' } },
    ],
  },
  {
    name: 'Microsoft Entra ID, version 2',
    sources: [ENTRA, ENTRA_ID_TOKEN],
    issuer: entra({ tenantId: TENANT, audience: API }),
    header: { typ: 'JWT' },
    claims: {
      aud: API,
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      aio: 'AXQAi/8IAAAAtAaZLo3ChMif6KOnttRB7eBq4',
      azp: 'f74172b6-be56-4843-9ff4-e66a39bb12e3',
      azpacr: '0',
      name: 'Abe Lincoln',
      oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
      preferred_username: 'abeli@example.com',
      rh: 'I',
      scp: 'access_as_user orders.read',
      sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
      tid: TENANT,
      uti: 'fqiBqXLPj0eQa82S-IYFAA',
      ver: '2.0',
    },
    expected: { clientId: 'f74172b6-be56-4843-9ff4-e66a39bb12e3', scope: ['access_as_user', 'orders.read'] },
    refused: [
      {
        because: 'the ID token of an app that is registered with the API',
        claims: { azp: undefined, azpacr: undefined, scp: undefined },
      },
      { because: 'an ID token with a nonce', claims: { nonce: 'n' } },
      { because: 'a token for Microsoft Graph', claims: { aud: '00000003-0000-0000-c000-000000000000' } },
      { because: 'another tenant', claims: { tid: '9122040d-6c67-4c5b-b112-36a304b66dad' } },
      {
        because: 'the issuer of another tenant',
        claims: { iss: 'https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0' },
      },
    ],
  },
  {
    name: 'Microsoft Entra ID, version 1, without a user',
    sources: [
      ENTRA,
      'https://learn.microsoft.com/en-us/answers/questions/1190472/what-are-the-token-issuers-for-the-sovereign-cloud',
    ],
    issuer: entra({ tenantId: TENANT, audience: [API, 'api://orders'] }),
    header: { typ: 'JWT' },
    claims: {
      aud: 'api://orders',
      iss: `https://sts.windows.net/${TENANT}/`,
      aio: 'E2ZgYPCrtD8zzb5FeMM3J23uWZOdAA==',
      appid: 'ee70da8a-1222-4916-bf83-e7ad34327b25',
      appidacr: '1',
      idp: `https://sts.windows.net/${TENANT}/`,
      oid: '8911b4f4-2b4e-46ce-b854-ebeebffe7bc6',
      roles: ['Orders.Read.All'],
      sub: '8911b4f4-2b4e-46ce-b854-ebeebffe7bc6',
      tid: TENANT,
      uti: 'qneDnY7h-0CkzoNyvRgtAA',
      ver: '1.0',
    },
    expected: { clientId: 'ee70da8a-1222-4916-bf83-e7ad34327b25', scope: [], sub: '8911b4f4-2b4e-46ce-b854-ebeebffe7bc6' },
    refused: [
      { because: 'the ID token', claims: { aud: API, appid: undefined } },
      { because: 'another API', claims: { aud: 'https://management.azure.com/' } },
    ],
  },
  {
    name: 'Keycloak',
    sources: ['https://github.com/keycloak/keycloak/issues/34146', 'https://github.com/keycloak/keycloak/issues/36696'],
    issuer: keycloak({ issuer: `${REALM}/`, audience: 'orders-api' }),
    header: { typ: 'JWT' },
    claims: keycloakClaims,
    expected: { clientId: 'shop-app', scope: ['openid', 'profile', 'email'] },
    refused: keycloakRefused,
  },
  {
    name: 'Keycloak before version 25, with the nonce of the sign-in',
    sources: [
      'https://www.keycloak.org/docs-api/latest/javadocs/org/keycloak/protocol/oidc/mappers/NonceBackwardsCompatibleMapper.html',
    ],
    issuer: keycloak({ issuer: REALM, audience: 'orders-api' }),
    header: { typ: 'JWT' },
    claims: { ...keycloakClaims, nonce: 'n', session_state: keycloakClaims.sid },
    expected: { clientId: 'shop-app', scope: ['openid', 'profile', 'email'] },
    refused: keycloakRefused,
  },
  {
    name: 'Keycloak, with the type of RFC 9068',
    sources: ['https://github.com/keycloak/keycloak/pull/34183', 'https://github.com/keycloak/keycloak/issues/36696'],
    issuer: keycloak({ issuer: REALM, audience: 'orders-api' }),
    header: { typ: 'at+jwt' },
    claims: keycloakClaims,
    expected: { clientId: 'shop-app', scope: ['openid', 'profile', 'email'] },
    refused: keycloakRefused,
  },
]
