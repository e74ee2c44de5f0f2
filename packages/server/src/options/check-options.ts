import { toUrl } from '../http/parse-url.js'
import { AUTH_METHODS } from '../token/client-authentication/authenticate-client.js'
import { isInsecureUrl } from '../http/loopback.js'
import { isUnsafeUri } from '../http/unsafe-scheme.js'
import { HMAC_ALGORITHMS } from '../token/client-authentication/client-key.js'
import { hmacKeyBytes, hmacKeyOf } from '../token/client-authentication/client-secret.js'
import { authMethod } from '../token/grants/client-may.js'
import type { AuthorizationServerOptions } from './server-options.js'
import type { ServerContext } from './server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { ASSERTION_ALGORITHMS } from '../token/assertion.js'
import type { SiteAdapter } from '../site/site-adapter.js'
import type { RotationOptions } from '../token/key-ring.js'
import { checkMembers, type MembersOf } from './check-members.js'
import { checkValues } from './check-values.js'
import type { ServerHooks } from './server-hooks.js'

/** Throws a TypeError that names an option which would otherwise only fail at the first sign-in. */
export function checkOptions(options: AuthorizationServerOptions): void {
  if (options === undefined) throw new TypeError('options: expected an object with "issuer", "clients" and "site"')
  checkMembers(options, OPTIONS, { name: 'options' })
  checkValues(options)
  checkIssuer(options.issuer, options.allowInsecureHttp)
  checkSite(options.site)
  checkLifetimes(options)
  const { clients } = options
  if (typeof clients !== 'object' || clients === null || !(Array.isArray(clients) || 'findClient' in clients))
    throw new TypeError('clients: expected a list of clients, or a ClientStore with "findClient"')

  const noList = LISTS.find((name) => options[name] !== undefined && !Array.isArray(options[name]))
  if (noList !== undefined) throw new TypeError(`${noList}: expected a list`)
  checkMembers(options.keyRotation, { publishAhead: true, overlap: true } satisfies MembersOf<RotationOptions>, KEY_ROTATION)
  checkHooks(options.hooks)
  checkParts(options)
}

function checkLifetimes({ sessionLifetime = 1, consentLifetime = 0 }: AuthorizationServerOptions): void {
  if (typeof sessionLifetime !== 'number' || !(sessionLifetime > 0))
    throw new TypeError('sessionLifetime: expected seconds above 0')
  if (consentLifetime !== null && (typeof consentLifetime !== 'number' || !(consentLifetime >= 0)))
    throw new TypeError('consentLifetime: expected seconds from 0, or null for consent without expiry')
}

const LISTS = ['privateHosts', 'grants', 'features', 'scopes', 'keys', 'acrValues'] as const
const KEY_ROTATION = { name: 'keyRotation' }

const OPTIONS: MembersOf<AuthorizationServerOptions> = {
  issuer: true,
  clients: true,
  site: true,
  grants: true,
  features: true,
  stores: true,
  tokens: true,
  keys: true,
  keyRotation: true,
  hooks: true,
  scopes: true,
  scopeClaims: true,
  claimsInIdToken: true,
  secret: true,
  sessionLifetime: true,
  consentLifetime: true,
  paths: true,
  crossOriginOpenerPolicy: true,
  uniqueTokens: true,
  acrValues: true,
  guessLimits: true,
  authenticateClient: true,
  scopePolicy: true,
  fetch: true,
  privateHosts: true,
  corsOrigin: true,
  allowInsecureHttp: true,
  now: true,
}

const SITE_MEMBERS: MembersOf<SiteAdapter> = {
  authenticate: true,
  renderAuthorizationPage: true,
  userDeniedAccess: true,
  readConsent: true,
  claims: true,
  authenticatePassword: true,
  isActive: true,
  findByLoginHint: true,
  accounts: true,
  renderSignOutPage: true,
  renderSignedOutPage: true,
  renderErrorPage: true,
}

const HOOKS: MembersOf<ServerHooks> = { onEvent: true, onError: true, rateLimit: true, waitUntil: true }

function checkHooks(hooks: ServerHooks | undefined): void {
  checkMembers(hooks, HOOKS, { name: 'hooks' })
  for (const [name, hook] of Object.entries(hooks ?? {}))
    if (hook !== undefined && typeof hook !== 'function') throw new TypeError(`hooks: "${name}" must be a function`)
}

/** Options that other functions of this package create. */
function checkParts({ stores, tokens }: AuthorizationServerOptions): void {
  if (stores && !(stores.accessTokens && stores.authCodes && stores.state))
    throw new TypeError('stores: expected "accessTokens", "authCodes" and "state", such as storesOver(store)')
  if (tokens && typeof tokens !== 'function' && typeof tokens.generate !== 'function')
    throw new TypeError('tokens: expected a function, or an object with "generate", such as randomGenerator()')
}

const INSECURE_HINT =
  'For tests on a local network, set "allowInsecureHttp", in the command --allow-insecure-http (RFC 9700, section 2.6)'

/** @see RFC 8414, section 2: a URL without query and fragment. http is for loopback and development. */
function checkIssuer(issuer: string, allowInsecureHttp: unknown): void {
  const url = toUrl(issuer)
  if (!url || !/^https?:$/.test(url.protocol) || issuer.includes('?') || issuer.includes('#'))
    throw new TypeError('issuer: expected an http or https URL without query and fragment (RFC 8414, section 2)')

  checkSpelling('issuer', issuer, url)
  if (url.username !== '' || url.password !== '')
    throw new TypeError('issuer: expected a URL without user name and password, since it is public')

  if (allowInsecureHttp !== undefined && typeof allowInsecureHttp !== 'boolean')
    throw new TypeError('allowInsecureHttp: expected true or false')
  if (!allowInsecureHttp && isInsecureUrl(issuer))
    throw new TypeError(`issuer: expected https, or http on loopback. ${INSECURE_HINT}`)
}

/**
 * Throws a TypeError for a URL that requests never have: browsers and clients convert a host in another script to ASCII, and encode or resolve
 * the path. Headers, DPoP proofs and signatures contain the converted one. @see RFC 3986, section 2; RFC 5891, section 4
 */
export function checkSpelling(name: string, text: string, { href, pathname }: URL): void {
  const path = text.replace(/^[a-z]+:\/\/[^/\\]*/i, '')
  if (/^[\x21-\x7e]+$/.test(text) && (path === pathname || path === '')) return
  throw new TypeError(`${name}: expected the URL as it is sent, in ASCII: "${href.replace(/\/$/, '')}"`)
}

function checkSite(site: unknown): void {
  for (const method of ['authenticate', 'renderAuthorizationPage', 'userDeniedAccess']) {
    if (typeof site !== 'object' || site === null || typeof Reflect.get(site, method) !== 'function')
      throw new TypeError(`site: expected a SiteAdapter, such as userSite({ users }); it has no "${method}"`)
  }
  checkMembers(site, SITE_MEMBERS, { name: 'site', isOpen: true })
}

type Limits = Pick<ServerContext, 'keys' | 'authenticateClient' | 'allowInsecureHttp'>

/** Throws a TypeError for a listed client that could not authenticate, or whose algorithms the server does not support. */
export function checkListedClient(client: ClientRecord, limits: Limits): void {
  const { keys, authenticateClient } = limits
  const { algorithms } = keys
  checkTransport(client, limits)
  for (const member of ['idTokenSignedResponseAlg', 'userinfoSignedResponseAlg']) {
    const alg = client[member]
    if (typeof alg === 'string' && !algorithms.includes(alg)) throw wrong(client, member, `one of ${algorithms.join(', ')}`)
  }
  const method = authMethod(client)
  if (AUTH_METHODS.includes(method)) checkCredentials(client, method)
  // Custom client authentication may have a custom name.
  else if (!authenticateClient) throw wrong(client, 'tokenEndpointAuthMethod', `one of ${AUTH_METHODS.join(', ')}`)
}

const WEB_ONLY = 'https or http for the applicationType "web". One with a private scheme is "native" (RFC 8252, section 7.1)'

/** @see RFC 9700, section 2.6 */
function checkTransport(client: ClientRecord, { allowInsecureHttp }: Limits): void {
  for (const member of ['redirectUris', 'postLogoutRedirectUris'] as const) {
    if (!allowInsecureHttp && client[member]?.some(isInsecureUrl))
      throw wrong(client, member, `https, http on loopback, or a private scheme. ${INSECURE_HINT}`)
    if (client[member]?.some((uri) => isUnsafeUri(uri, client.applicationType))) throw wrong(client, member, WEB_ONLY)
  }
}

/** An HMAC key is no shorter than the hash. @see RFC 7518, section 3.2 */
function checkHmacKey(client: ClientRecord, alg: unknown = 'HS256'): void {
  const bytes = typeof alg === 'string' ? hmacKeyBytes(alg) : undefined
  if (bytes === undefined) return
  const expected = `the secret itself, of at least ${bytes} bytes, for ${String(alg)} (RFC 7518, section 3.2)`
  if ((hmacKeyOf(client)?.byteLength ?? 0) < bytes) throw wrong(client, 'clientSecret', expected)
}

function checkCredentials(client: ClientRecord, method: string): void {
  const { clientSecret, jwks, jwksUri } = client
  if (method.endsWith('_jwt'))
    checkAssertionAlgorithm(client, method === 'private_key_jwt' ? ASSERTION_ALGORITHMS : HMAC_ALGORITHMS)
  if (method === 'private_key_jwt' && !jwks && !jwksUri)
    throw wrong(client, 'jwks', 'public keys here or at "jwksUri", for private_key_jwt')
  if (method.startsWith('client_secret') && clientSecret === undefined)
    throw wrong(client, 'clientSecret', `a secret, for ${method}`)
  if (method === 'client_secret_jwt') checkHmacKey(client, client.tokenEndpointAuthSigningAlg)
  if (client.requestObjectSigningAlg !== undefined) checkHmacKey(client, client.requestObjectSigningAlg)
}

function checkAssertionAlgorithm(client: ClientRecord, known: readonly string[]): void {
  const { tokenEndpointAuthSigningAlg: alg } = client
  if (alg !== undefined && !known.includes(alg)) throw wrong(client, 'tokenEndpointAuthSigningAlg', `one of ${known.join(', ')}`)
}

function wrong({ clientId }: ClientRecord, member: string, expected: string): TypeError {
  return new TypeError(`clients: "${member}" of "${clientId}": expected ${expected}`)
}
