import { CHALLENGE, CONFIDENTIAL, ISSUER, SPA, VERIFIER } from '../test-server.fixture.js'
import type { Pairs, RequestTemplate } from './request-template.fixture.js'

/** The URL of a request object that the client has registered. */
export const REQUEST_URI = 'https://app.example/requests/1'
/** An issuer whose assertions are accepted. */
export const TRUSTED_ISSUER = 'https://issuer.example'
const DETAILS = '[{"type":"payment","actions":["initiate"],"locations":["https://bank.example/"]}]'
const CLAIMS = '{"userinfo":{"name":null,"email":{"essential":true}},"id_token":{"acr":{"values":["1"]}}}'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const SPA_URI = SPA.redirectUris[0] ?? ''

const get = (name: string, path: string, query: Pairs = [], more: Partial<RequestTemplate> = {}): RequestTemplate => ({
  ...{ name, path, query, method: 'GET', headers: {} },
  ...more,
})
const post = (name: string, path: string, form: Pairs, more: Partial<RequestTemplate> = {}): RequestTemplate => ({
  ...get(name, path),
  ...{ method: 'POST', form },
  ...more,
})
/** A form of one of the server's pages. */
const submit = (name: string, page: string, form: Pairs, more: Partial<RequestTemplate> = {}): RequestTemplate =>
  post(name, '{{action}}', [['csrf', '{{csrf}}'], ...form], { page, headers: { cookie: '{{cookie}}' }, ...more })
/** A request by the confidential client. */
const byClient = (name: string, path: string, form: Pairs, more: Partial<RequestTemplate> = {}): RequestTemplate =>
  post(name, path, [['client_id', 'web'], ['client_secret', CONFIDENTIAL.clientSecret ?? ''], ...form], more)

const AUTHORIZE: Pairs = [
  ['response_type', 'code'],
  ['client_id', 'spa'],
  ['redirect_uri', SPA_URI],
  ['scope', 'openid profile email offline_access'],
  ['state', 'st&te=1'],
  ['nonce', 'n-0S6'],
  ['code_challenge', CHALLENGE],
  ['code_challenge_method', 'S256'],
]
const EXTRAS: Pairs = [
  ['claims', CLAIMS],
  ['authorization_details', DETAILS],
  ['resource', 'https://api.example/'],
  ['ui_locales', 'de en'],
  ['acr_values', '1 2'],
  ['login_hint', 'alice'],
  ['max_age', '3600'],
  ['prompt', 'login'],
]
const search = (pairs: Pairs): string => new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()
const page = (pairs: Pairs): string => `/authorize?${search(pairs)}`
const without = (name: string, pairs: Pairs): Pairs => pairs.filter(([known]) => known !== name)
const responding = (type: string, mode: string): Pairs => [
  ...without('response_type', AUTHORIZE),
  ['response_type', type],
  ['response_mode', mode],
]
const SIGN_IN: Pairs = [
  ['action', 'sign-in'],
  ['username', 'alice'],
  ['password', 'wonderland'],
]
const signedIn = { headers: { cookie: '{{cookie}}' } }
const CONSENT: Pairs = [...AUTHORIZE, ['prompt', 'consent']]
const object = (more: Readonly<Record<string, unknown>> = {}): Partial<RequestTemplate> => ({
  jwt: {
    kind: 'request-object',
    header: { typ: 'oauth-authz-req+jwt' },
    claims: { iss: 'spa', aud: ISSUER, exp: '{{soon}}', ...Object.fromEntries(AUTHORIZE), ...more },
  },
})
const proof = (path: string, claims: Readonly<Record<string, unknown>> = {}): Partial<RequestTemplate> => ({
  headers: { dpop: '{{jwt}}' },
  jwt: {
    kind: 'dpop',
    header: { typ: 'dpop+jwt' },
    claims: { jti: '{{random}}', htm: 'POST', htu: ISSUER + path, iat: '{{now}}', ...claims },
  },
})
const assertion = (kind: 'client-assertion' | 'grant-assertion', iss: string, sub: string): Partial<RequestTemplate> => ({
  jwt: { kind, header: {}, claims: { iss, sub, aud: ISSUER, exp: '{{soon}}', iat: '{{now}}', jti: '{{random}}' } },
})

const AUTHORIZATION: readonly RequestTemplate[] = [
  get('authorize', '/authorize', AUTHORIZE),
  get('authorize, signed in', '/authorize', AUTHORIZE, signedIn),
  get('authorize, everything', '/authorize', [...AUTHORIZE, ...EXTRAS], signedIn),
  get('authorize, silent', '/authorize', [...AUTHORIZE, ['prompt', 'none']], signedIn),
  get('authorize, hint', '/authorize', [...AUTHORIZE, ['id_token_hint', '{{id_token}}']], signedIn),
  get('authorize, hybrid', '/authorize', responding('code id_token', 'fragment'), signedIn),
  get('authorize, form_post', '/authorize', responding('id_token token', 'form_post'), signedIn),
  get('authorize, JARM', '/authorize', responding('code', 'query.jwt'), signedIn),
  get('authorize, native', '/authorize', [
    ...without('client_id', without('redirect_uri', responding('code', 'form_post'))),
    ['client_id', 'native'],
    ['redirect_uri', 'http://127.0.0.1:4711/callback'],
  ]),
  post('authorize by POST', '/authorize', [...AUTHORIZE, ['id_token_hint', '{{id_token}}']]),
  get(
    'authorize, pushed',
    '/authorize',
    [
      ['client_id', 'spa'],
      ['request_uri', '{{request_uri}}'],
    ],
    signedIn,
  ),
  get(
    'authorize, object',
    '/authorize',
    [
      ['client_id', 'spa'],
      ['request', '{{jwt}}'],
    ],
    { ...signedIn, ...object() },
  ),
  get(
    'authorize, object by reference',
    '/authorize',
    [
      ['client_id', 'spa'],
      ['request_uri', REQUEST_URI],
    ],
    {
      ...object({ claims: JSON.parse(CLAIMS), max_age: 5 }),
      fetched: { status: 200, type: 'application/oauth-authz-req+jwt' },
    },
  ),
  submit('sign-in form', page(AUTHORIZE), SIGN_IN, { isFreshBrowser: true }),
  submit('sign-in form, pushed', '/authorize?client_id=spa&request_uri={{request_uri}}', SIGN_IN, { isFreshBrowser: true }),
  submit('consent form', page(CONSENT), [['action', 'consent']]),
  submit('consent form, details', page([...CONSENT, ...without('prompt', EXTRAS)]), [['action', 'consent']]),
  submit('consent form, denied', page(CONSENT), [['action', 'deny']]),
  submit('account form', page([...AUTHORIZE, ['prompt', 'select_account']]), [['action', 'continue']]),
]

const TOKEN: readonly RequestTemplate[] = [
  post('token, code', '/token', [
    ['grant_type', 'authorization_code'],
    ['client_id', 'spa'],
    ['redirect_uri', SPA_URI],
    ['code', '{{code}}'],
    ['code_verifier', VERIFIER],
  ]),
  post(
    'token, refresh',
    '/token',
    [
      ['grant_type', 'refresh_token'],
      ['client_id', 'spa'],
      ['refresh_token', '{{refresh_token}}'],
      ['scope', 'openid'],
    ],
    proof('/token'),
  ),
  byClient('token, password', '/token', [['grant_type', 'password'], ...SIGN_IN.slice(1), ['scope', 'openid profile']]),
  byClient('token, client credentials', '/token', [
    ['grant_type', 'client_credentials'],
    ['scope', 'profile'],
    ['resource', 'https://api.example/'],
    ['authorization_details', DETAILS],
  ]),
  post(
    'token, header',
    '/token',
    [
      ['grant_type', 'client_credentials'],
      ['scope', 'profile'],
    ],
    { headers: { authorization: '{{basic}}' } },
  ),
  byClient('token, exchange', '/token', [
    ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
    ['subject_token', '{{access_token}}'],
    ['subject_token_type', ACCESS_TOKEN],
    ['audience', 'https://b.example/'],
  ]),
  post(
    'token, JWT bearer',
    '/token',
    [
      ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      ['assertion', '{{jwt}}'],
      ['scope', 'openid'],
    ],
    assertion('grant-assertion', TRUSTED_ISSUER, 'alice'),
  ),
  post(
    'token, assertion',
    '/token',
    [
      ['grant_type', 'client_credentials'],
      ['scope', 'profile'],
      ['client_assertion', '{{jwt}}'],
      ['client_assertion_type', ASSERTION],
    ],
    assertion('client-assertion', 'signer', 'signer'),
  ),
  byClient('token, device', '/token', [
    ['grant_type', 'urn:ietf:params:oauth:grant-type:device_code'],
    ['device_code', '{{device_code}}'],
  ]),
  byClient('token, CIBA', '/token', [
    ['grant_type', 'urn:openid:params:grant-type:ciba'],
    ['auth_req_id', '{{auth_req_id}}'],
  ]),
  byClient('revoke', '/revoke', [
    ['token', '{{client_token}}'],
    ['token_type_hint', 'access_token'],
  ]),
  byClient('introspect', '/introspect', [['token', '{{client_token}}']]),
]

const METADATA = {
  client_name: 'Registered',
  redirect_uris: ['https://registered.example/cb'],
  post_logout_redirect_uris: ['https://registered.example/bye'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  scope: 'openid profile',
  token_endpoint_auth_method: 'private_key_jwt',
  id_token_signed_response_alg: 'ES256',
  application_type: 'web',
  default_max_age: 600,
  jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: '1' }] },
  request_uris: ['https://registered.example/request#x'],
  backchannel_logout_uri: 'https://registered.example/logout',
  authorization_details_types: ['payment'],
}
const asJson = { 'content-type': 'application/json' }
const registered = { headers: { authorization: 'Bearer {{registration_token}}', ...asJson } }

const OTHERS: readonly RequestTemplate[] = [
  post('par', '/par', [...AUTHORIZE, ...EXTRAS], proof('/par')),
  post(
    'par, object',
    '/par',
    [
      ['client_id', 'spa'],
      ['request', '{{jwt}}'],
    ],
    object({ resource: ['https://a.example/'] }),
  ),
  get('userinfo', '/userinfo', [], { headers: { authorization: 'Bearer {{access_token}}' } }),
  post('userinfo, form', '/userinfo', [['access_token', '{{access_token}}']]),
  post('register', '/register', [], { json: METADATA, headers: asJson }),
  get('registration', '/register/{{registered_id}}', [], registered),
  post('registration, replace', '/register/{{registered_id}}', [], {
    ...registered,
    method: 'PUT',
    json: { ...METADATA, client_id: '{{registered_id}}' },
  }),
  get('registration, delete', '/register/{{registered_id}}', [], { ...registered, method: 'DELETE' }),
  byClient('device authorization', '/device_authorization', [
    ['scope', 'openid profile'],
    ['authorization_details', DETAILS],
  ]),
  get('device page', '/device', [['user_code', '{{user_code}}']]),
  submit('device code form', '/device', [
    ['action', 'code'],
    ['user_code', '{{user_code}}'],
  ]),
  submit('device consent form', '/device?user_code={{user_code}}', [['action', 'consent']]),
  byClient('CIBA', '/backchannel_authentication', [
    ['scope', 'openid profile'],
    ['login_hint', 'alice'],
    ['binding_message', 'W4SCT'],
    ['requested_expiry', '60'],
    ['acr_values', '1'],
  ]),
  get('approvals', '/approve', [], signedIn),
  submit('approval form', '/approve?request={{ciba_id}}', [
    ['request', '{{ciba_id}}'],
    ['decision', 'approve'],
  ]),
  get('end session', '/end-session', [
    ['id_token_hint', '{{id_token}}'],
    ['post_logout_redirect_uri', SPA.postLogoutRedirectUris?.[0] ?? ''],
    ['state', 'x'],
    ['ui_locales', 'en'],
  ]),
  post('end session by POST', '/end-session', [
    ['client_id', 'spa'],
    ['id_token_hint', '{{id_token}}'],
  ]),
  submit('sign-out form', '/end-session', [['action', 'stay']]),
  get('jwks', '/jwks'),
  get('discovery', '/.well-known/openid-configuration'),
  get('metadata', '/.well-known/oauth-authorization-server'),
]

/** One valid request of each kind, to every endpoint. */
export const VALID_REQUESTS: readonly RequestTemplate[] = [...AUTHORIZATION, ...TOKEN, ...OTHERS]
