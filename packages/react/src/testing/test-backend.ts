import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose'
import type { AuthorizationServer, AuthorizationServerOptions, ClientRecord, ServerPackage, Stores } from './optional-peers.js'
import type { TestEndpoint } from './test-endpoint.js'
import type { TestToken, TestUser } from './test-server-options.js'

/** What the authorization server needs to know of the test. */
export interface BackendOptions {
  readonly issuer: string
  readonly users: readonly TestUser[]
  /** The user who signs in. */
  readonly user: () => string
  readonly now: () => number
  readonly accessTokenLifetime: number
  readonly overrides: Partial<AuthorizationServerOptions>
}

/** What a fault changes about a request. */
export interface Tampering {
  readonly forges: boolean
  readonly denies: boolean
}

/** The authorization server in memory, and what a test can do to it. */
export interface TestBackend {
  respond(request: Request, endpoint: TestEndpoint, tampering: Tampering): Promise<Response>
  /** @returns the response of RFC 6750 if the request has no valid access token */
  verify(request: Request): Promise<TestToken | Response>
  /** Signs with another key from now on, and publishes both. */
  rotate(): Promise<void>
  /** Revokes all access and refresh tokens. */
  revoke(): void
  sign(claims: JWTPayload, header: { readonly typ?: string | undefined }): Promise<string>
}

/** Creates the authorization server of a test, with the package that was loaded. */
export async function createTestBackend(server: ServerPackage, options: BackendOptions): Promise<TestBackend> {
  const { issuer, now, overrides } = options
  let key: JWK = (overrides.keys?.[0] as JWK | undefined) ?? (await (sharedKey ??= createKey('test-key-1')))
  const known = { redirectUris: new Set<string>(), scopes: [...SCOPES] }
  const { stores, revoke } = revocableStores(server, now)
  const shared = { ...settings(server, options), scopes: known.scopes, stores, ...overrides }
  const create = (keys: readonly JWK[], isAtAuthorize: boolean): AuthorizationServer => {
    const clients = overrides.clients ?? { findClient: async (id: string) => anyClient(id, known.redirectUris, isAtAuthorize) }
    return server.createAuthorizationServer({ ...shared, keys: overrides.keys ?? keys, clients })
  }
  const main = create([key], false)
  const authorizing = create([key], true)
  let forging: Promise<Record<'main' | 'authorizing', AuthorizationServer>> | undefined
  const forge = async (): Promise<Record<'main' | 'authorizing', AuthorizationServer>> => {
    // The key id is the published one: nothing but the signature is wrong.
    const keys = [{ ...(await (foreignKey ??= createKey('foreign'))), kid: key.kid ?? '' }]
    return { main: create(keys, false), authorizing: create(keys, true) }
  }
  return {
    async respond(request, endpoint, { forges, denies }) {
      const parameters = await parametersOf(request)
      learn(known, parameters)
      const servers = forges ? await (forging ??= forge()) : { main, authorizing }
      const isAuthorize = endpoint === 'authorize'
      const fresh = isAuthorize || endpoint === 'par' ? withoutPages(request, parameters) : request
      return (isAuthorize ? servers.authorizing : servers.main).fetch(fresh, { denies })
    },
    async verify(request) {
      const verified = await main.verifyRequest(request, { resource: 'any' })
      if (!verified.ok) return verified.response
      const { userId: sub, clientId, scope } = verified.token
      return { sub, clientId, scope }
    },
    async rotate() {
      key = await createKey(`test-key-${crypto.randomUUID().slice(0, 8)}`)
      forging = undefined
      await Promise.all([main.rotateKeys('RS256', key), authorizing.rotateKeys('RS256', key)])
    },
    revoke,
    async sign(claims, { typ = 'JWT' }) {
      const { alg = 'RS256', kid = '' } = key
      const seconds = Math.floor(now() / 1000)
      const payload = { iss: issuer, iat: seconds, exp: seconds + options.accessTokenLifetime, ...claims }
      return new SignJWT(payload).setProtectedHeader({ alg, kid, typ }).sign(await importJWK(key, alg))
    },
  }
}

const SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']
/** The claims of those scope names. OpenID Connect Core 1.0, section 5.4 */
const SCOPE_CLAIMS: ReadonlySet<string> = new Set(
  `name family_name given_name middle_name nickname preferred_username profile picture website gender birthdate zoneinfo locale updated_at
  email email_verified address phone_number phone_number_verified sub`.split(/\s+/),
)

function settings(server: ServerPackage, options: BackendOptions): Omit<AuthorizationServerOptions, 'clients' | 'keys'> {
  const { issuer, users, user, now, accessTokenLifetime: expiresIn } = options
  const site = server.userSite({ users: users.map(({ sub, ...claims }) => ({ sub, claims })) })
  const custom = users.flatMap(Object.keys).filter((claim) => !SCOPE_CLAIMS.has(claim))
  return {
    issuer,
    now,
    grants: [
      server.authorizationCode({ expiresIn }),
      server.refreshToken({ accessTokenExpiresIn: expiresIn }),
      // For apps with an old response type.
      server.implicit({ expiresIn }),
      server.hybrid({ expiresIn }),
    ],
    site: {
      ...site,
      authenticate({ env }) {
        if ((env as Tampering | undefined)?.denies) throw new server.OAuthError('access_denied', 'the user denied the request')
        return { userId: user() }
      },
    },
    // No scope name gives an app's own claims, such as `roles`.
    scopeClaims: { openid: [...new Set(custom)] },
    keyRotation: { publishAhead: 0 },
    secret: crypto.getRandomValues(new Uint8Array(32)),
    // A test that fails the same way many times is no attack.
    guessLimits: false,
  }
}

/**
 * Accepts every client. At the authorization endpoint it is treated as confidential: of a public client at a loopback address, a user has to
 * consent on a page.
 */
function anyClient(clientId: string, redirectUris: ReadonlySet<string>, isAtAuthorize: boolean): ClientRecord {
  const uris = [...redirectUris]
  return {
    clientId,
    redirectUris: uris,
    postLogoutRedirectUris: uris,
    ...(isAtAuthorize && { clientSecret: 'a-secret-for-the-authorization-endpoint-only' }),
  }
}

/** @returns those of the query and of a form */
async function parametersOf(request: Request): Promise<URLSearchParams> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
  const form = new URLSearchParams(isForm ? await request.clone().text() : '')
  return new URLSearchParams([...new URL(request.url).searchParams, ...form])
}

/** Registers what the app requests: the test server does not know how the app is registered elsewhere. */
function learn(known: { readonly redirectUris: Set<string>; readonly scopes: string[] }, parameters: URLSearchParams): void {
  for (const name of ['redirect_uri', 'post_logout_redirect_uri']) {
    const uri = parameters.get(name)
    if (uri !== null) known.redirectUris.add(uri)
  }
  const requested = parameters.get('scope')?.split(' ').filter(Boolean) ?? []
  known.scopes.push(...requested.filter((name) => !known.scopes.includes(name)))
}

/** Every request is a fresh sign-in of a user who consents, so it needs no page for `prompt` and `max_age`. */
function withoutPages(request: Request, parameters: URLSearchParams): Request {
  const isPage = parameters.has('max_age') || !['none', null].includes(parameters.get('prompt'))
  if (!isPage) return request
  if (parameters.get('prompt') !== 'none') parameters.delete('prompt')
  parameters.delete('max_age')
  const url = new URL(request.url)
  const headers = new Headers(request.headers)
  if (request.method === 'POST') return new Request(url, { method: 'POST', headers, body: parameters })
  url.search = parameters.toString()
  return new Request(url, { headers })
}

/** Revoking replaces the store of the tokens by an empty one. */
function revocableStores(server: ServerPackage, now: () => number): { readonly stores: Stores; readonly revoke: () => void } {
  const empty = (): Stores['accessTokens'] => server.accessTokenStore(server.memoryStore({ now }))
  const { authCodes, state } = server.storesOver(server.memoryStore({ now }))
  let current = empty()
  const accessTokens = new Proxy(current, { get: (_, member) => Reflect.get(current, member) as unknown })
  return { stores: { accessTokens, authCodes, state }, revoke: () => void (current = empty()) }
}

/** An RSA key takes longer to create than all the rest: one for all servers of a page or process. */
let sharedKey: Promise<JWK> | undefined
let foreignKey: Promise<JWK> | undefined

async function createKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256' }
}
