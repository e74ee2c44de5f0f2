// An OpenID Provider as a function. It is correct except for the rule that a test breaks.
import { SignJWT, base64url, exportJWK, generateKeyPair, type CryptoKey, type JWK, type JWTPayload } from 'jose'

export const issuer = 'https://op.example.com'
export const clientId = 'rp'
export const redirectUri = 'https://rp.example.com/callback'

/** A key of the provider. */
export interface ProviderKey {
  readonly kid: string | null
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

/** Header and claims of an ID token before it is signed. */
export interface IdTokenParts {
  readonly header: { readonly alg: string; readonly kid?: string }
  readonly claims: JWTPayload
}

/** Rules that can be broken. Each function receives the correct value and returns the value to send. */
export interface Faults {
  metadata?: (metadata: Record<string, unknown>) => unknown
  /** Receives the key set. A returned `Response` is sent unchanged. */
  jwks?: (jwks: { readonly keys: readonly JWK[] }) => unknown
  claims?: (claims: JWTPayload) => JWTPayload
  /** Replaces the signing of the ID token. */
  sign?: (parts: IdTokenParts) => string | Promise<string>
  /** Receives the members of the token response. A returned `Response` is sent unchanged. */
  token?: (body: Record<string, unknown>, params: URLSearchParams) => unknown
  userInfo?: (claims: Record<string, unknown>) => unknown
  /** Parameters of the authorization response. */
  authorizationResponse?: (params: Record<string, string>) => Record<string, string | undefined>
}

/** The provider and what it received. */
export interface TestProvider {
  readonly faults: Faults
  /** The keys that are published; the first one signs. */
  keys: ProviderKey[]
  /** Requests so far, as `METHOD /path`. */
  readonly log: string[]
  readonly fetch: typeof fetch
  /** Returns the callback URL for an authorization request. */
  authorize(url: URL): Promise<URL>
  /** The last UserInfo request. */
  lastUserInfoRequest: Request | undefined
}

export async function createKey(alg = 'RS256', kid: string | null = 'key-1'): Promise<ProviderKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const named = kid === null ? {} : { kid }
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), ...named, alg, use: 'sig' } }
}

/** Generating an RSA key takes as long as the rest of a test. */
let defaultKey: Promise<ProviderKey> | undefined

export async function createTestProvider(faults: Faults = {}, key?: ProviderKey): Promise<TestProvider> {
  const codes = new Map<string, string | undefined>()
  const provider: TestProvider = {
    faults,
    keys: [key ?? (await (defaultKey ??= createKey()))],
    log: [],
    lastUserInfoRequest: undefined,
    authorize: (url) => authorize(provider, codes, url),
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { pathname } = new URL(request.url)
      provider.log.push(`${request.method} ${pathname}`)
      const endpoint = ENDPOINTS[pathname]
      return endpoint ? endpoint(provider, request, codes) : new Response(null, { status: 404 })
    },
  }
  return provider
}

type Endpoint = (provider: TestProvider, request: Request, codes: Map<string, string | undefined>) => Promise<Response>

const METADATA = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  userinfo_endpoint: `${issuer}/userinfo`,
  authorization_response_iss_parameter_supported: true,
  response_types_supported: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
  subject_types_supported: ['public'],
  code_challenge_methods_supported: ['S256'],
  id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/.well-known/openid-configuration': async ({ faults }) => respond(METADATA, faults.metadata),
  '/jwks': async ({ faults, keys }) => respond({ keys: keys.map((key) => key.publicJwk) }, faults.jwks),
  '/token': tokenEndpoint,
  '/userinfo': async (provider, request) => {
    provider.lastUserInfoRequest = request
    return respond({ sub: 'user-1', name: 'Una User', email: 'una@example.com' }, provider.faults.userInfo)
  },
}

function respond<Body>(body: Body, fault: ((body: Body) => unknown) | undefined): Response {
  const sent = fault ? fault(body) : body
  return sent instanceof Response ? sent : Response.json(sent)
}

async function tokenEndpoint(
  provider: TestProvider,
  request: Request,
  codes: Map<string, string | undefined>,
): Promise<Response> {
  const params = new URLSearchParams(await request.text())
  const nonce = codes.get(params.get('code') ?? '')
  const body = {
    access_token: `access-${provider.log.length}`,
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: `refresh-${provider.log.length}`,
    id_token: await idToken(provider, nonce === undefined ? {} : { nonce }),
  }
  return respond(body, provider.faults.token && ((right) => provider.faults.token?.(right, params)))
}

/** The user is always signed in and consents. */
async function authorize(provider: TestProvider, codes: Map<string, string | undefined>, url: URL): Promise<URL> {
  const request = url.searchParams
  const type = request.get('response_type') ?? 'code'
  const nonce = request.get('nonce') ?? undefined
  const code = `code-${codes.size}`
  codes.set(code, nonce)
  const parts = await Promise.all(type.split(' ').map(async (part) => frontChannel[part]?.(provider, { type, code, nonce })))
  const right: Record<string, string> = Object.assign({ state: request.get('state') ?? '', iss: issuer }, ...parts)
  const sent = provider.faults.authorizationResponse?.(right) ?? right
  const params = new URLSearchParams(Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined))
  const callback = new URL(redirectUri)
  if (type === 'code') callback.search = params.toString()
  else callback.hash = params.toString()
  return callback
}

interface Granted {
  readonly type: string
  readonly code: string
  readonly nonce: string | undefined
}

const FRONT_CHANNEL_TOKEN = 'front-channel-access-token'

/** The parameters that each value in `response_type` adds to the response. @see OAuth 2.0 Multiple Response Types, sections 3 to 5 */
const frontChannel: Readonly<Record<string, (provider: TestProvider, granted: Granted) => Promise<Record<string, string>>>> = {
  code: async (_provider, { code }) => ({ code }),
  token: async () => ({ access_token: FRONT_CHANNEL_TOKEN, token_type: 'Bearer', expires_in: '3600' }),
  id_token: async (provider, { type, code, nonce }) => ({
    id_token: await idToken(provider, {
      ...(nonce === undefined ? {} : { nonce }),
      ...(type.includes('code') ? { c_hash: await halfHash(code) } : {}),
      ...(/\btoken$/.test(type.replace('id_token', '')) ? { at_hash: await halfHash(FRONT_CHANNEL_TOKEN) } : {}),
    }),
  }),
}

async function idToken(provider: TestProvider, more: JWTPayload): Promise<string> {
  const [key] = provider.keys
  if (!key) throw new Error('The provider has no key.')
  const now = Math.floor(Date.now() / 1000)
  const right = { iss: issuer, sub: 'user-1', aud: clientId, exp: now + 3600, iat: now, name: 'Una User', ...more }
  const claims = provider.faults.claims?.(right) ?? right
  const header = { alg: key.alg, ...(key.kid === null ? {} : { kid: key.kid }) }
  if (provider.faults.sign) return provider.faults.sign({ header, claims })
  return new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey)
}

/** @see OpenID Connect Core 1.0, section 3.3.2.11 */
async function halfHash(value: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value)), 0, 16))
}

/** Returns the object without one member. */
export function without<Members extends object, Name extends keyof Members>(members: Members, name: Name): Omit<Members, Name> {
  return Object.fromEntries(Object.entries(members).filter(([each]) => each !== name)) as Omit<Members, Name>
}
