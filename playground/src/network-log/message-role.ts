import { API_PATH, PROVIDER_PATH } from '../oauth1/demo-provider.js'
import { writeJson, readJson } from '../stored-json.js'
import type { MessageRole } from './log-entry.js'

interface MessageTitle {
  readonly title: string
  readonly spec: string
}

/** The title of each message, and the section that specifies it. */
export const messageTitles: Readonly<Record<MessageRole, MessageTitle>> = {
  discovery: { title: 'Discovery', spec: 'OpenID Connect Discovery 1.0, section 4' },
  keys: { title: 'Signing keys', spec: 'RFC 7517, section 5' },
  'authorization-request': { title: 'Authorization request', spec: 'RFC 6749, section 4.1.1' },
  'authorization-response': { title: 'Authorization response', spec: 'RFC 6749, section 4.1.2' },
  'token-request': { title: 'Token request', spec: 'RFC 6749, section 4.1.3' },
  'refresh-request': { title: 'Token refresh', spec: 'RFC 6749, section 6' },
  userinfo: { title: 'UserInfo request', spec: 'OpenID Connect Core 1.0, section 5.3' },
  revocation: { title: 'Token revocation', spec: 'RFC 7009, section 2.1' },
  introspection: { title: 'Token introspection', spec: 'RFC 7662, section 2.1' },
  'end-session': { title: 'Sign-out at the server', spec: 'OpenID Connect RP-Initiated Logout 1.0, section 2' },
  'back-channel-logout': { title: 'Logout token', spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.5' },
  'front-channel-logout': { title: 'Front-channel logout', spec: 'OpenID Connect Front-Channel Logout 1.0, section 3' },
  'logout-event': { title: 'Notice to the tab', spec: 'OpenID Connect Back-Channel Logout 1.0, section 2.7' },
  'pushed-request': { title: 'Pushed authorization request', spec: 'RFC 9126, section 2.1' },
  'device-authorization': { title: 'Device authorization request', spec: 'RFC 8628, section 3.1' },
  'backchannel-authentication': {
    title: 'Backchannel authentication request',
    spec: 'OpenID Connect CIBA Core 1.0, section 7.1',
  },
  registration: { title: 'Client registration', spec: 'RFC 7591, section 3.1' },
  'temporary-credentials': { title: 'Request for temporary credentials', spec: 'RFC 5849, section 2.1' },
  'oauth1-authorization': { title: 'Authorization by the user', spec: 'RFC 5849, section 2.2' },
  'oauth1-callback': { title: 'Callback with the verifier', spec: 'RFC 5849, section 2.2' },
  'token-credentials': { title: 'Request for token credentials', spec: 'RFC 5849, section 2.3' },
  'signed-api': { title: 'Signed API call', spec: 'RFC 5849, section 3.1' },
  api: { title: 'API call', spec: 'RFC 6750, section 2.1' },
}

const endpointRoles: Readonly<Record<string, MessageRole>> = {
  jwks_uri: 'keys',
  token_endpoint: 'token-request',
  userinfo_endpoint: 'userinfo',
  revocation_endpoint: 'revocation',
  introspection_endpoint: 'introspection',
  end_session_endpoint: 'end-session',
  pushed_authorization_request_endpoint: 'pushed-request',
  device_authorization_endpoint: 'device-authorization',
  backchannel_authentication_endpoint: 'backchannel-authentication',
  registration_endpoint: 'registration',
}

/** OAuth 1.0a has no metadata: the paths of the built-in provider. */
const oauth1Roles: Readonly<Record<string, MessageRole>> = {
  [`${PROVIDER_PATH}/initiate`]: 'temporary-credentials',
  [`${PROVIDER_PATH}/token`]: 'token-credentials',
}

/** Grants that are specified in a different section. */
const grantTitles: Readonly<Record<string, MessageTitle>> = {
  password: { title: 'Token request with a password', spec: 'RFC 6749, section 4.3.2' },
  client_credentials: { title: 'Token request for a client', spec: 'RFC 6749, section 4.4.2' },
  'urn:ietf:params:oauth:grant-type:device_code': { title: 'Poll for the user’s decision', spec: 'RFC 8628, section 3.4' },
  'urn:openid:params:grant-type:ciba': {
    title: 'Poll for the user’s decision',
    spec: 'OpenID Connect CIBA Core 1.0, section 10.1',
  },
  'urn:ietf:params:oauth:grant-type:jwt-bearer': { title: 'Token request with an assertion', spec: 'RFC 7523, section 2.1' },
  'urn:ietf:params:oauth:grant-type:token-exchange': { title: 'Token exchange', spec: 'RFC 8693, section 2.1' },
}

/** @param body the request body, if it is a form */
export function titleOf(role: MessageRole, body: URLSearchParams | undefined): MessageTitle {
  return grantTitles[body?.get('grant_type') ?? ''] ?? messageTitles[role]
}

const storageKey = 'latchkey-playground:endpoints'

/** Remembers the endpoints of a server's metadata, to recognize later requests, also after a reload. */
export function rememberEndpoints(metadata: Readonly<Record<string, unknown>>): void {
  const known = readEndpoints()
  for (const [member, role] of Object.entries(endpointRoles)) {
    const url = metadata[member]
    if (typeof url === 'string') known[url] = role
  }
  writeJson(localStorage, storageKey, known)
}

/**
 * @param url without query and fragment
 * @param body the request body, if it is a form
 */
export function roleOfRequest(url: string, body: URLSearchParams | undefined): MessageRole {
  if (/\/\.well-known\/(openid-configuration|oauth-authorization-server)/.test(url)) return 'discovery'
  const grantType = body?.get('grant_type')
  if (grantType) return grantType === 'refresh_token' ? 'refresh-request' : 'token-request'
  const { pathname } = new URL(url)
  return readEndpoints()[url] ?? oauth1Roles[pathname] ?? (pathname.startsWith(API_PATH) ? 'signed-api' : 'api')
}

/** @returns true if the URL is the page where a user allows the access (OAuth 1.0a) */
export function isOAuth1Authorization({ pathname }: URL): boolean {
  return pathname === `${PROVIDER_PATH}/authorize`
}

/** @returns true if the URL is the server's end session endpoint */
export function isEndSession(url: string): boolean {
  return readEndpoints()[url] === 'end-session'
}

function readEndpoints(): Record<string, MessageRole> {
  return readJson(localStorage, storageKey, isEndpointTable) ?? {}
}

function isEndpointTable(value: unknown): value is Record<string, MessageRole> {
  return typeof value === 'object' && value !== null && Object.values(value).every((role) => role in messageTitles)
}
