import { base64url, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { explain, protocolLoaders } from '../grants/lazy.js'
import { currentEnvironment } from '../platform/environment.js'
import { silentLogger } from '../platform/logger.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerRecord } from './server-metadata.js'

export const issuer = 'https://server.example'
export const redirectUri = 'https://app.example/'

/** The parts of one response of the server. A test replaces one of them. */
export interface Faults {
  /** Responds instead of the server. */
  readonly respond?: (request: Request) => Response | undefined | Promise<Response | undefined>
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly keys?: readonly unknown[]
  /** `undefined` removes a claim. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly signWith?: CryptoKey | Uint8Array
  readonly mangleIdToken?: (idToken: string) => string | Promise<string>
  readonly token?: Readonly<Record<string, unknown>>
  readonly userInfo?: Readonly<Record<string, unknown>>
}

export interface TestServer {
  readonly fetch: typeof fetch
  /** Requests the server got, in order: `POST /token`. */
  readonly log: string[]
  /** The bodies of the POST requests, in order. */
  readonly bodies: URLSearchParams[]
  faults: Faults
  /** The `nonce` of the next ID token. */
  nonce: string | undefined
  /** Seconds since the epoch. */
  now: () => number
  /** Time of the sign-in in seconds since the epoch. Default: ten seconds ago. */
  authTime: number | undefined
  /** A new signing key instead of the former one. */
  rotateKey(kid: string): Promise<void>
}

/** A small real authorization server: responds to requests, signs ID tokens; `faults` break one rule at a time. */
export async function createTestServer(alg = 'RS256'): Promise<TestServer> {
  let key = await sharedKey(alg, 'key-1')
  const server: TestServer = {
    log: [],
    bodies: [],
    faults: {},
    nonce: undefined,
    authTime: undefined,
    now: () => Math.floor(Date.now() / 1000),
    rotateKey: async (kid) => {
      key = await createKey(alg, kid)
    },
    fetch: async (input, init) => {
      // A Request is not copied: on Node 24 the copy loses its referrerPolicy.
      const request = input instanceof Request && init === undefined ? input : new Request(input, init)
      const { pathname } = new URL(request.url)
      server.log.push(`${request.method} ${pathname}`)
      if (request.method === 'POST') server.bodies.push(new URLSearchParams(await request.clone().text()))

      return (await server.faults.respond?.(request)) ?? route(server, key, pathname, alg)
    },
  }
  return server
}

async function route(server: TestServer, key: AssertionKey, pathname: string, alg: string): Promise<Response> {
  const { faults } = server
  switch (pathname) {
    case '/.well-known/openid-configuration':
      return Response.json({ ...metadata, ...faults.metadata })
    case '/jwks':
      return Response.json({ keys: faults.keys ?? [key.publicJwk] })
    case '/token':
      return Response.json(await tokenResponse(server, key, alg))
    case '/userinfo':
      return Response.json({ sub: 'user-1', name: 'Ada', ...faults.userInfo })
    case '/revoke':
      return new Response(null, { status: 200 })
    default:
      return new Response('<h1>Not found</h1>', { status: 404, headers: { 'content-type': 'text/html' } })
  }
}

async function tokenResponse(server: TestServer, key: AssertionKey, alg: string): Promise<object> {
  const { faults } = server
  const signed = await idToken(server, key, alg)
  return {
    access_token: 'access-token-1',
    token_type: 'Bearer',
    expires_in: 300,
    refresh_token: 'refresh-token-2',
    scope: 'openid profile',
    id_token: (await faults.mangleIdToken?.(signed)) ?? signed,
    ...faults.token,
  }
}

async function idToken(server: TestServer, key: AssertionKey, alg: string): Promise<string> {
  const now = server.now()
  const claims = {
    iss: issuer,
    sub: 'user-1',
    aud: 'client-1',
    exp: now + 300,
    iat: now,
    auth_time: (server.authTime ??= now - 10),
    at_hash: await leftHalf('access-token-1', alg),
    nonce: server.nonce,
    ...server.faults.claims,
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg, kid: key.publicJwk.kid ?? '', ...server.faults.header })
    .sign(server.faults.signWith ?? key.privateKey)
}

/** @see OpenID Connect Core 1.0, section 3.1.3.6 */
export async function leftHalf(value: string, alg: string): Promise<string> {
  const digest = await crypto.subtle.digest(alg === 'EdDSA' ? 'SHA-512' : `SHA-${alg.slice(2)}`, new TextEncoder().encode(value))
  return base64url.encode(new Uint8Array(digest).slice(0, digest.byteLength / 2))
}

interface AssertionKey {
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

const sharedKeys = new Map<string, Promise<AssertionKey>>()

/** Returns the key of this name, created once: RSA keys are slow to create. `key-1` is that of the test servers. */
export function sharedKey(alg: string, kid: string): Promise<AssertionKey> {
  const name = `${alg} ${kid}`
  const key = sharedKeys.get(name) ?? createKey(alg, kid)
  sharedKeys.set(name, key)
  return key
}

async function createKey(alg: string, kid: string): Promise<AssertionKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  userinfo_endpoint: `${issuer}/userinfo`,
  revocation_endpoint: `${issuer}/revoke`,
  end_session_endpoint: `${issuer}/end`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
} as const

/** A context of its own; `record` returns the stored server metadata. */
export function createContext(
  server: Pick<TestServer, 'fetch'>,
  options: Partial<ProtocolOptions> = {},
  clock: { readonly now?: () => number; readonly offsetSeconds?: number } = {},
): ProtocolContext & { readonly record: () => ServerRecord | undefined } {
  let record: ServerRecord | undefined
  let offset = clock.offsetSeconds ?? 0
  return {
    // A test that gives all metadata in `server` wants no discovery.
    options: { issuer: options.server ? undefined : issuer, clientId: 'client-1', scope: 'openid profile', ...options },
    environment: currentEnvironment({ fetch: server.fetch, ...(clock.now && { now: clock.now }) }),
    logger: silentLogger,
    load: async () => protocolLoaders,
    explain,
    readServer: async () => record,
    writeServer: async (next) => {
      record = next
    },
    clockOffsetSeconds: () => offset,
    noteClockOffset: (seconds) => {
      offset = seconds
    },
    record: () => record,
  }
}
