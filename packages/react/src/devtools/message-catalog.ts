import type { TestEndpoint } from '../testing/test-endpoint.js'

/** A kind of protocol message, and the section that specifies it. */
export interface MessageKind {
  readonly title: string
  readonly spec: string
  /** What simulated failures concern. Default: another endpoint of the server. */
  readonly endpoint?: TestEndpoint
  /** A response with personal data or the app's own data: only the names of its members are recorded, or nothing. */
  readonly response?: 'names' | 'none'
}

export const AUTHORIZATION_REQUEST: MessageKind = {
  title: 'Authorization request',
  spec: 'RFC 6749, section 4.1.1; RFC 7636, section 4.3',
}
export const AUTHORIZATION_RESPONSE: MessageKind = {
  title: 'Authorization response',
  spec: 'RFC 6749, section 4.1.2; RFC 9207, section 2',
}
export const RESOURCE_REQUEST: MessageKind = {
  title: 'Protected resource request',
  spec: 'RFC 6750, section 2.1',
  endpoint: 'api',
  response: 'none',
}
export const END_SESSION_REQUEST: MessageKind = {
  title: 'End session request',
  spec: 'OpenID Connect RP-Initiated Logout 1.0, section 2',
}
const TOKEN_REQUEST = 'Token request'
const KEY_SET = 'JSON Web Key Set'
const SERVER_METADATA = 'Server metadata'

/** Keyed by the endpoint's member in the server metadata. */
const BY_ENDPOINT: Readonly<Record<string, MessageKind>> = {
  jwks_uri: { title: KEY_SET, endpoint: 'jwks', spec: 'RFC 7517, section 5; OpenID Connect Core 1.0, section 10.1' },
  userinfo_endpoint: { title: 'UserInfo request', spec: 'OpenID Connect Core 1.0, section 5.3', response: 'names' },
  revocation_endpoint: { title: 'Revocation request', spec: 'RFC 7009, section 2.1' },
  introspection_endpoint: { title: 'Introspection request', spec: 'RFC 7662, section 2.1', response: 'names' },
  pushed_authorization_request_endpoint: { title: 'Pushed authorization request', spec: 'RFC 9126, section 2.1' },
  device_authorization_endpoint: { title: 'Device authorization request', spec: 'RFC 8628, section 3.1' },
  backchannel_authentication_endpoint: {
    title: 'Backchannel authentication request',
    spec: 'OpenID Connect CIBA Core 1.0, section 7.1',
  },
  registration_endpoint: { title: 'Client registration request', spec: 'RFC 7591, section 3.1' },
}

const BY_GRANT: Readonly<Record<string, MessageKind>> = {
  authorization_code: {
    endpoint: 'token',
    title: 'Token request: authorization code',
    spec: 'RFC 6749, section 4.1.3; RFC 7636, section 4.5',
  },
  refresh_token: { endpoint: 'token', title: 'Token request: refresh', spec: 'RFC 6749, section 6' },
  password: { endpoint: 'token', title: 'Token request: password', spec: 'RFC 6749, section 4.3.2' },
  client_credentials: { endpoint: 'token', title: 'Token request: client credentials', spec: 'RFC 6749, section 4.4.2' },
  'urn:ietf:params:oauth:grant-type:jwt-bearer': {
    endpoint: 'token',
    title: 'Token request: JWT bearer',
    spec: 'RFC 7523, section 2.1',
  },
  'urn:ietf:params:oauth:grant-type:device_code': {
    endpoint: 'token',
    title: 'Token request: device code',
    spec: 'RFC 8628, section 3.4',
  },
  'urn:ietf:params:oauth:grant-type:token-exchange': {
    endpoint: 'token',
    title: 'Token request: token exchange',
    spec: 'RFC 8693, section 2.1',
  },
  'urn:openid:params:grant-type:ciba': {
    endpoint: 'token',
    title: 'Token request: CIBA',
    spec: 'OpenID Connect CIBA Core 1.0, section 10.1',
  },
}

const METADATA: ReadonlyArray<readonly [path: string, kind: MessageKind]> = [
  [
    '/.well-known/openid-configuration',
    { title: SERVER_METADATA, endpoint: 'metadata', spec: 'OpenID Connect Discovery 1.0, section 4' },
  ],
  ['/.well-known/oauth-authorization-server', { title: SERVER_METADATA, endpoint: 'metadata', spec: 'RFC 8414, section 3' }],
]

/** Endpoint URLs, keyed by their members in the server metadata. */
export type Endpoints = Readonly<Record<string, unknown>>

/** @param body the request body, if it is a form */
export function kindOf(url: URL, body: URLSearchParams | undefined, endpoints: Endpoints): MessageKind {
  const grant = body?.get('grant_type') ?? undefined
  if (grant !== undefined)
    return BY_GRANT[grant] ?? { title: `${TOKEN_REQUEST}: ${grant}`, endpoint: 'token', spec: 'RFC 6749, section 4.5' }
  const metadata = METADATA.find(([path]) => url.pathname.includes(path))
  if (metadata) return metadata[1]
  const endpoint = Object.keys(BY_ENDPOINT).find((name) => endpoints[name] === url.href)
  return (endpoint === undefined ? undefined : BY_ENDPOINT[endpoint]) ?? RESOURCE_REQUEST
}

/** What part of a flow a message is. */
export type Phase = 'set-up' | 'request' | 'pushed' | 'response' | 'code' | 'refresh' | 'grant' | 'sign-out' | 'use'

const PHASES: Readonly<Record<string, Phase>> = {
  [KEY_SET]: 'set-up',
  [SERVER_METADATA]: 'set-up',
  [AUTHORIZATION_REQUEST.title]: 'request',
  'Pushed authorization request': 'pushed',
  [AUTHORIZATION_RESPONSE.title]: 'response',
  [`${TOKEN_REQUEST}: authorization code`]: 'code',
  [`${TOKEN_REQUEST}: refresh`]: 'refresh',
  'Device authorization request': 'grant',
  'Backchannel authentication request': 'grant',
  'Revocation request': 'sign-out',
  [END_SESSION_REQUEST.title]: 'sign-out',
}

/** @param title of the message's kind */
export function phaseOf(title: string): Phase {
  return PHASES[title] ?? (title.startsWith(TOKEN_REQUEST) ? 'grant' : 'use')
}
