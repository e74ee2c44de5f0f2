// An OpenID Provider as a function, right in all it does but for the one rule that a test breaks.
import { SignJWT, base64url, exportJWK, generateKeyPair } from 'jose'
import type { CryptoKey, JWK, JWTPayload } from 'jose'

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

/** What an ID token says of itself and of the user, before it is signed. */
export interface IdTokenParts {
  readonly header: { readonly alg: string; readonly kid?: string }
  readonly claims: JWTPayload
}

/** The rules that can be broken; each gets what is right and gives what is sent. */
export interface Faults {
  metadata?: (metadata: Record<string, unknown>) => unknown
  /** Gets the key set; a `Response` is sent as it is. */
  jwks?: (jwks: { readonly keys: readonly JWK[] }) => unknown
  claims?: (claims: JWTPayload) => JWTPayload
  /** Signs an ID token in another way. */
  sign?: (parts: IdTokenParts) => string | Promise<string>
  /** Gets the token response's members; a `Response` is sent as it is. */
  token?: (body: Record<string, unknown>, params: URLSearchParams) => unknown
  userInfo?: (claims: Record<string, unknown>) => unknown
  /** Parameters of the authorization response. */
  answer?: (params: Record<string, string>) => Record<string, string | undefined>
}

export interface TestProvider {
  readonly faults: Faults
  /** The keys that are published; the first one signs. */
  keys: ProviderKey[]
  /** Requests so far, as `METHOD /path`. */
  readonly log: string[]
  readonly fetch: typeof fetch
  /** What the browser brings back from an authorization request. */
  authorize(url: URL): Promise<URL>
  /** Header and body of the last UserInfo request. */
  lastUserInfoRequest: Request | undefined
}

export async function createKey(alg = 'RS256', kid: string | null = 'key-1'): Promise<ProviderKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const named = kid === null ? {} : { kid }
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), ...named, alg, use: 'sig' } }
}

/** Making an RSA key takes as long as all the rest of a test. */
let usualKey: Promise<ProviderKey> | undefined

export async function createTestProvider(faults: Faults = {}, key?: ProviderKey): Promise<TestProvider> {
  const codes = new Map<string, string | undefined>()
  const provider: TestProvider = {
    faults,
    keys: [key ?? (await (usualKey ??= createKey()))],
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
  '/.well-known/openid-configuration': async ({ faults }) => answerOf(METADATA, faults.metadata),
  '/jwks': async ({ faults, keys }) => answerOf({ keys: keys.map((key) => key.publicJwk) }, faults.jwks),
  '/token': tokenEndpoint,
  '/userinfo': async (provider, request) => {
    provider.lastUserInfoRequest = request
    return answerOf({ sub: 'user-1', name: 'Una User', email: 'una@example.com' }, provider.faults.userInfo)
  },
}

function answerOf<Body>(body: Body, fault: ((body: Body) => unknown) | undefined): Response {
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
  return answerOf(body, provider.faults.token && ((right) => provider.faults.token?.(right, params)))
}

/** Everybody is signed in and agrees. */
async function authorize(provider: TestProvider, codes: Map<string, string | undefined>, url: URL): Promise<URL> {
  const asked = url.searchParams
  const type = asked.get('response_type') ?? 'code'
  const nonce = asked.get('nonce') ?? undefined
  const code = `code-${codes.size}`
  codes.set(code, nonce)
  const parts = await Promise.all(type.split(' ').map(async (part) => frontChannel[part]?.(provider, { type, code, nonce })))
  const right: Record<string, string> = Object.assign({ state: asked.get('state') ?? '', iss: issuer }, ...parts)
  const sent = provider.faults.answer?.(right) ?? right
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

/** What each word of `response_type` adds to the answer. @see OAuth 2.0 Multiple Response Types, sections 3 to 5 */
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
  if (!key) throw new Error('the provider has no key')
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

/** @returns the object with one member taken out */
export function without<Members extends object, Name extends keyof Members>(members: Members, name: Name): Omit<Members, Name> {
  return Object.fromEntries(Object.entries(members).filter(([each]) => each !== name)) as Omit<Members, Name>
}
