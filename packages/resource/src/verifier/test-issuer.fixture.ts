import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { sha256 } from '../dpop/verify-proof.js'
import type { Fetch } from '../http/fetch-json.js'

export const ISSUER = 'https://id.example.com'
export const API = 'https://api.example.com'

/** A clock that tests move. */
export interface TestClock {
  readonly now: () => number
  readonly pass: (seconds: number) => void
}

export function testClock(start: number = Date.UTC(2026, 10, 27)): TestClock {
  let time = start
  return { now: () => time, pass: (seconds) => void (time += seconds * 1000) }
}

export interface SigningKey {
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK & { readonly kty: string }
  readonly kid: string
}

export async function signingKey(kid: string, alg: string = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return {
    alg,
    privateKey,
    kid,
    publicJwk: { ...(await exportJWK(publicKey)), kty: (await exportJWK(publicKey)).kty ?? '', kid, alg, use: 'sig' },
  }
}

type Claims = Readonly<Record<string, unknown>>

/** What a test issuer signs a token with, if it is not its own. */
export interface Signing {
  readonly key?: SigningKey
  readonly header?: Readonly<Record<string, unknown>>
}

/** An issuer of JWT access tokens, behind a `fetch`. */
export interface TestIssuer {
  readonly issuer: string
  readonly key: SigningKey
  readonly fetch: Fetch
  /** The URLs that were fetched. */
  readonly fetched: string[]
  /** The keys that are served. */
  keys: JWK[]
  /** Responses instead of the usual ones, by path. */
  readonly responses: Map<string, (init: RequestInit) => Response | Promise<Response>>
  /** Signs an access token of RFC 9068. `undefined` removes a claim. */
  token(claims?: Claims, signing?: Signing): Promise<string>
}

export async function testIssuer(clock: TestClock, issuer: string = ISSUER): Promise<TestIssuer> {
  const key = await signingKey('first')
  const fetched: string[] = []
  const responses: TestIssuer['responses'] = new Map()
  const self: TestIssuer = {
    issuer,
    key,
    fetched,
    keys: [key.publicJwk],
    responses,
    fetch: async (url, init) => {
      fetched.push(url)
      const path = url.slice(issuer.length)
      const special = responses.get(path)
      if (special) return special(init)
      if (path === '/.well-known/openid-configuration')
        return Response.json({ issuer, jwks_uri: `${issuer}/jwks`, introspection_endpoint: `${issuer}/introspect` })
      if (path === '/jwks') return Response.json({ keys: self.keys })
      return new Response(null, { status: 404 })
    },
    token: (claims = {}, { key: other = key, header = {} } = {}) => {
      const seconds = Math.floor(clock.now() / 1000)
      const usual = {
        iss: issuer,
        sub: 'ada',
        aud: API,
        client_id: 'spa',
        scope: 'orders:read profile',
        iat: seconds,
        exp: seconds + 300,
        jti: crypto.randomUUID(),
      }
      const given = Object.fromEntries(Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined))
      return new SignJWT(given)
        .setProtectedHeader({ alg: other.alg, kid: other.kid, typ: 'at+jwt', ...header })
        .sign(other.privateKey)
    },
  }
  return self
}

/** A client's DPoP key, and the proofs that it makes. */
export interface ProofKey {
  readonly jkt: string
  proof(token: string, claims?: Claims, header?: Claims): Promise<string>
}

export async function proofKey(clock: TestClock): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof: async (token, claims = {}, header = {}) =>
      new SignJWT({
        jti: crypto.randomUUID(),
        htm: 'GET',
        htu: `${API}/orders`,
        iat: Math.floor(clock.now() / 1000),
        ath: await sha256(token),
        ...claims,
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })
        .sign(privateKey),
  }
}

/** A request to the API. */
export function apiRequest(
  token?: string,
  { path = '/orders', ...init }: RequestInit & { readonly path?: string } = {},
): Request {
  const headers = new Headers(init.headers)
  if (token !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`)
  return new Request(API + path, { ...init, headers })
}
