import { parseUrl, toUrl } from '../http/parse-url.js'
import { isUnsafeUrl } from '../http/unsafe-scheme.js'
import { SCOPE_SYNTAX } from '../token/scope.js'
import type { ClientRecord } from './client-record.js'
import { checkMembers } from '../options/check-members.js'

/** The members that this server reads; others belong to the host. */
type KnownMember = keyof { [Member in keyof ClientRecord as string extends Member ? never : Member]: true }

/** What a member must be. */
interface Kind {
  readonly expected: string
  readonly fits: (value: unknown) => boolean
}

const TEXT: Kind = { expected: 'a string', fits: (value) => typeof value === 'string' }
const SECRET: Kind = {
  expected: 'a string that is not empty, or the digest of one as "sha256:" and 43 characters of base64url',
  fits: (value) => typeof value === 'string' && isUsableSecret(value),
}
const FLAG: Kind = { expected: 'true or false', fits: (value) => typeof value === 'boolean' }
const TEXTS: Kind = {
  expected: 'a list of strings',
  fits: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
}
const SECONDS: Kind = {
  expected: 'seconds from 0',
  fits: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
}
const WEB: Kind = { expected: 'an https or http URL', fits: (value) => /^https?:$/.test(protocolOf(value)) }
/** A host in the content security policy of a page. */
const FRAME: Kind = {
  expected: 'an https or http URL with the host in ASCII',
  fits: (value) => typeof value === 'string' && /^https?:$/.test(parseUrl(value)?.protocol ?? ''),
}
const REDIRECTS: Kind = {
  // RFC 6749, section 3.1.2; other schemes run or read something in the browser.
  expected:
    'a list of absolute URIs without fragment, in ASCII (other characters encoded, as in `new URL(uri).href`), of which none is javascript:, data:, vbscript:, file:, blob: or about:, of another scheme of the browser or system, of an own scheme without a dot or a host (RFC 8252, section 7.1), or with a user name',
  fits: (value) => Array.isArray(value) && value.every(isRedirectUri),
}
const SCOPE: Kind = {
  expected: 'scope names with single spaces between them',
  fits: (value) => typeof value === 'string' && (value === '' || SCOPE_SYNTAX.test(value)),
}
const KEY_SET: Kind = {
  expected: 'a JSON Web Key Set',
  fits: (value) => typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys),
}

const MEMBERS: Readonly<Record<KnownMember, Kind>> = {
  clientId: { expected: 'a string that is not empty', fits: (value) => typeof value === 'string' && value !== '' },
  clientSecret: SECRET,
  clientName: TEXT,
  redirectUris: REDIRECTS,
  postLogoutRedirectUris: REDIRECTS,
  scope: SCOPE,
  claims: TEXTS,
  resources: TEXTS,
  grantTypes: TEXTS,
  responseTypes: TEXTS,
  tokenEndpointAuthMethod: TEXT,
  idTokenSignedResponseAlg: TEXT,
  applicationType: { expected: 'web or native', fits: (value) => value === 'web' || value === 'native' },
  requireConsent: FLAG,
  selfRegistered: FLAG,
  introspects: { expected: 'own or any', fits: (value) => value === 'own' || value === 'any' },
  defaultMaxAge: SECONDS,
  jwks: KEY_SET,
  jwksUri: WEB,
  tokenEndpointAuthSigningAlg: TEXT,
  userinfoSignedResponseAlg: TEXT,
  dpopBoundAccessTokens: FLAG,
  requirePushedAuthorizationRequests: FLAG,
  backchannelLogoutUri: WEB,
  frontchannelLogoutUri: FRAME,
  requestUris: TEXTS,
  requestObjectSigningAlg: TEXT,
  requireSignedRequestObject: FLAG,
  authorizationDetailsTypes: TEXTS,
  servedResources: TEXTS,
  backchannelTokenDeliveryMode: TEXT,
  registrationToken: TEXT,
  data: { expected: 'an object', fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value) },
}

/** The names of all members of a client record that this server reads. */
export const CLIENT_MEMBERS: ReadonlySet<string> = new Set(Object.keys(MEMBERS))

/** Throws a TypeError for a member that is not known. @param custom members of custom features, by their names */
export function checkClientMembers(client: ClientRecord, custom: Readonly<Record<string, unknown>>): void {
  const hint = ' Put what only your site reads into "data".'
  checkMembers(client, { ...MEMBERS, ...custom }, { name: 'clients', of: client.clientId, hint })
}

/** Throws a TypeError that names the client and the member for an invalid record. */
export function checkClientRecord(client: ClientRecord): void {
  if (!MEMBERS.clientId.fits(client.clientId))
    throw new TypeError('clients: every client needs a "clientId" (not "client_id") that is a string (RFC 6749, section 2.2)')
  checkMembers(client, MEMBERS, { name: 'clients', of: client.clientId, isOpen: true })

  for (const [name, { expected, fits }] of Object.entries(MEMBERS)) {
    const value = client[name]
    const isAbsent = value === undefined && name !== 'redirectUris'
    if (!isAbsent && !fits(value)) throw new TypeError(`clients: "${name}" of "${client.clientId}": expected ${expected}`)
  }
}

/** SHA-256 of an empty secret. */
const EMPTY_DIGEST = 'sha256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'

function isUsableSecret(secret: string): boolean {
  if (secret.startsWith('sha256:')) return /^sha256:[\w-]{43}$/.test(secret) && secret !== EMPTY_DIGEST
  return secret.trim() !== ''
}

/** Throws a TypeError for a client whose secret is empty: a request with an empty one would be authenticated. */
export function checkSecret({ clientId, clientSecret }: ClientRecord): void {
  if (clientSecret === undefined || SECRET.fits(clientSecret)) return
  throw new TypeError(`clients: "clientSecret" of "${clientId}": expected ${SECRET.expected}`)
}

/** Likely names of a secret that this server does not read, such as `hashedSecret` or `client_secret_hash`. */
const SECRET_NAME =
  /^(?:client|oauth|app|api|shared|hashed|encrypted|plain)*(?:secret|password)s?(?:key|value|hash|hashed|digest|encrypted|sha256)?$/

/**
 * Throws a TypeError for a client without `clientSecret` that has a secret under another name: it would be a public one. An object of a
 * class may have it as an accessor. @see RFC 6749, section 2.3
 */
export function checkForSecret(client: ClientRecord): void {
  if ((client.clientSecret ?? client.tokenEndpointAuthMethod) !== undefined) return
  const name = memberNames(client).find((candidate) => isSecretName(candidate) && isCredential(client[candidate]))
  if (name === undefined) return
  throw new TypeError(
    `clients: "${name}" of "${client.clientId}" is unknown. Did you mean "clientSecret"? A public client with this member needs the tokenEndpointAuthMethod "none".`,
  )
}

/** Also those of its class, without those that every object has. */
function memberNames(value: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (typeof prototype !== 'object' || prototype === null) return []
  return [...Object.getOwnPropertyNames(value), ...memberNames(prototype)]
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replaceAll(/[^a-z\d]/g, ''))
}

function isCredential(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || value instanceof Uint8Array || (Array.isArray(value) && value.length > 0)
}

function isRedirectUri(uri: unknown): boolean {
  // RFC 3986, section 2: a URI is ASCII, and a header cannot hold more.
  const url = typeof uri === 'string' && !uri.includes('#') ? parseUrl(uri) : undefined
  return url !== undefined && !isUnsafeUrl(url) && url.username + url.password === ''
}

function protocolOf(uri: unknown): string {
  return (typeof uri === 'string' && toUrl(uri)?.protocol) || ''
}
