/** A provider as the doctor meets it: what differs from a server in which everything works. */
export interface Imitation {
  /** The page of the documentation, without its folder. */
  readonly page: string
  readonly issuer: string
  readonly endpoints: Readonly<Record<'authorize' | 'token' | 'jwks' | 'userinfo', string>>
  readonly scope?: string | undefined
  readonly algorithms?: readonly string[] | undefined
  readonly hasMetadata?: boolean | undefined
  /** The response to the authorization request. Default: `login_required` at the redirect URI. */
  readonly authorize?: (() => Response) | undefined
  /** The error of the token endpoint. Default: `invalid_grant`. */
  readonly token?: ((form: URLSearchParams) => readonly [error: string, description?: string]) | undefined
  /** The header of the token endpoint. Default: the origin of the app. */
  readonly tokenCors?: string | undefined
}

export const APP = 'http://localhost:5173'
const TENANT = '9122040d-6c67-4c5b-b112-36a304b66dad'
const WITHOUT_OFFLINE = 'openid profile email'

function under(
  base: string,
  [authorize, token, jwks, userinfo]: readonly [string, string, string, string],
): Imitation['endpoints'] {
  const at = (path: string): string => (path.startsWith('https:') ? path : base + path)
  return { authorize: at(authorize), token: at(token), jwks: at(jwks), userinfo: at(userinfo) }
}

function page(text: string, status = 400): Response {
  return new Response(`<!doctype html><title>Error</title><h1>${text}</h1>`, { status, headers: { 'content-type': 'text/html' } })
}

const keycloak = {
  page: 'keycloak',
  issuer: `https://id.example.com/realms/shop`,
  endpoints: under('https://id.example.com/realms/shop/protocol/openid-connect', ['/auth', '/token', '/certs', '/userinfo']),
}
const entra = {
  page: 'entra-id',
  issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  endpoints: under(`https://login.microsoftonline.com/${TENANT}`, [
    '/oauth2/v2.0/authorize',
    '/oauth2/v2.0/token',
    '/discovery/v2.0/keys',
    'https://graph.microsoft.com/oidc/userinfo',
  ]),
}
const auth0 = {
  page: 'auth0',
  issuer: 'https://example.eu.auth0.com/',
  endpoints: under('https://example.eu.auth0.com', ['/authorize', '/oauth/token', '/keys', '/userinfo']),
}
const okta = {
  page: 'okta',
  issuer: 'https://dev-123456.okta.com/oauth2/default',
  endpoints: under('https://dev-123456.okta.com/oauth2/default/v1', ['/authorize', '/token', '/keys', '/userinfo']),
}
const cognito = {
  page: 'cognito',
  issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_example',
  endpoints: under('https://shop.auth.eu-central-1.amazoncognito.com', [
    '/oauth2/authorize',
    '/oauth2/token',
    'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_example/keys',
    '/oauth2/userInfo',
  ]),
  scope: WITHOUT_OFFLINE,
}
const google = {
  page: 'google',
  issuer: 'https://accounts.google.com',
  endpoints: under('https://accounts.google.com', [
    '/o/oauth2/v2/auth',
    'https://oauth2.googleapis.com/token',
    'https://www.googleapis.com/oauth2/v3/certs',
    'https://openidconnect.googleapis.com/v1/userinfo',
  ]),
  scope: WITHOUT_OFFLINE,
}
const github = {
  page: 'github',
  issuer: 'https://github.com/login/oauth',
  endpoints: under('https://github.com/login/oauth', ['/authorize', '/access_token', '/none', 'https://api.github.com/user']),
}
const zitadel = {
  page: 'zitadel',
  issuer: 'https://my-instance.zitadel.cloud',
  endpoints: under('https://my-instance.zitadel.cloud', [
    '/oauth/v2/authorize',
    '/oauth/v2/token',
    '/oauth/v2/keys',
    '/oidc/v1/userinfo',
  ]),
}
const authentik = {
  page: 'authentik',
  issuer: 'https://auth.example.com/application/o/my-app/',
  endpoints: under('https://auth.example.com/application/o', ['/authorize/', '/token/', '/my-app/jwks/', '/userinfo/']),
}

const refusesRefresh =
  (...refusal: readonly [string, string?]) =>
  (form: URLSearchParams): readonly [string, string?] =>
    form.get('grant_type') === 'refresh_token' ? refusal : ['invalid_grant']

/** What each page of the documentation quotes the doctor for. */
export const IMITATIONS: readonly Imitation[] = [
  { ...keycloak, page: 'index', authorize: () => page('We are sorry... Invalid parameter: redirect_uri') },
  { ...keycloak, tokenCors: '' },
  { ...keycloak, token: () => ['unauthorized_client', 'Invalid client or Invalid client credentials'] },
  {
    ...entra,
    token: () => [
      'invalid_request',
      "AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
    ],
  },
  {
    ...auth0,
    authorize: () => page('Callback URL mismatch. The provided redirect_uri is not in the list of allowed callback URLs.', 403),
  },
  { ...auth0, token: refusesRefresh('unauthorized_client', "Grant type 'refresh_token' not allowed for the client.") },
  { ...okta, tokenCors: '' },
  {
    ...okta,
    authorize: () =>
      page(
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: " +
          'https://dev-123456-admin.okta.com/admin/app/oidc_client/instance/…#tab-general',
      ),
  },
  {
    ...cognito,
    authorize: () =>
      new Response(null, { status: 302, headers: { location: '/error?error=redirect_mismatch&client_id=my-app' } }),
  },
  { ...cognito, token: () => ['invalid_client', 'invalid_client_secret'] },
  { ...google, token: () => ['invalid_request', 'client_secret is missing.'] },
  { ...github, hasMetadata: false },
  { ...zitadel, token: refusesRefresh('unauthorized_client') },
  { ...authentik, algorithms: ['HS256'] },
]

/** The network of an imitated provider and an app. */
export function imitate(imitation: Imitation, key: object): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const { origin, pathname, searchParams } = new URL(request.url)
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'Authorization, DPoP' }
    if (origin === APP) return new Response('<title>app</title>', { headers: { 'content-type': 'text/html' } })
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    if (pathname.includes('/.well-known/')) return metadataOf(imitation, headers)
    switch (origin + pathname) {
      case imitation.endpoints.jwks:
        return Response.json({ keys: imitation.algorithms ? [] : [key] }, { headers })
      case imitation.endpoints.userinfo:
        return Response.json({ error: 'invalid_token' }, { status: 401, headers })
      case imitation.endpoints.token:
        return tokenError(imitation, new URLSearchParams(await request.text()))
      case imitation.endpoints.authorize:
        return imitation.authorize?.() ?? loginRequired(searchParams)
      default:
        return pathname === '/error' ? page('An error was encountered with the requested page.') : page('Not found', 404)
    }
  }
}

function metadataOf(imitation: Imitation, headers: Readonly<Record<string, string>>): Response {
  const { issuer, endpoints, algorithms = ['RS256'], hasMetadata = true, scope } = imitation
  if (!hasMetadata) return page('Not found', 404)
  const metadata = {
    issuer,
    authorization_endpoint: endpoints.authorize,
    token_endpoint: endpoints.token,
    jwks_uri: endpoints.jwks,
    userinfo_endpoint: endpoints.userinfo,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    scopes_supported: (scope ?? `${WITHOUT_OFFLINE} offline_access`).split(' '),
    id_token_signing_alg_values_supported: algorithms,
  }
  return Response.json(metadata, { headers })
}

function tokenError({ token, tokenCors = APP }: Imitation, form: URLSearchParams): Response {
  const [error, description] = token?.(form) ?? ['invalid_grant']
  const headers: Record<string, string> = tokenCors === '' ? {} : { 'access-control-allow-origin': tokenCors }
  return Response.json({ error, error_description: description }, { status: 400, headers })
}

function loginRequired(parameters: URLSearchParams): Response {
  const response = new URLSearchParams({ error: 'login_required', state: parameters.get('state') ?? '' })
  return new Response(null, { status: 302, headers: { location: `${parameters.get('redirect_uri')}?${response.toString()}` } })
}
