import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { AuthorizationServer } from './authorization-server.js'
import { createAuthorizationServer } from './create-server.js'
import type { AuthorizationServerOptions } from '../options/server-options.js'
import { userSite } from '../site/user-site.js'
import type { ClientRecord } from '../storage/client-record.js'

export const ISSUER = 'http://127.0.0.1:5173/oauth'
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
/** The challenge of the verifier above, from the specification. @see RFC 7636, appendix B */
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

export const SPA: ClientRecord = {
  clientId: 'spa',
  clientName: 'Example app',
  redirectUris: ['https://app.example/callback'],
  postLogoutRedirectUris: ['https://app.example/bye'],
}
export const CONFIDENTIAL: ClientRecord = {
  clientId: 'web',
  clientSecret: 'correct horse battery staple',
  redirectUris: ['https://web.example/cb'],
}

export const ALICE = {
  sub: 'alice',
  username: 'alice',
  password: 'wonderland',
  claims: { name: 'Alice Liddell', email: 'alice@example.com', email_verified: true },
}
export const BOB = { sub: 'bob', username: 'bob', password: 'builder', claims: { name: 'Bob', email: 'bob@example.com' } }

/** A clock that tests advance; milliseconds. */
export interface Clock {
  now: () => number
  advance: (seconds: number) => void
}

export function testClock(start: number = Date.UTC(2026, 0, 1)): Clock {
  let time = start
  return { now: () => time, advance: (seconds) => void (time += seconds * 1000) }
}

let sharedKeys: Promise<JWK[]> | undefined

/** One set of keys for all servers of a test file: creating an RSA key takes longer than a hundred requests. */
export function testKeys(): Promise<JWK[]> {
  sharedKeys ??= Promise.all(['RS256', 'PS256', 'ES256', 'EdDSA'].map(makeKey))
  return sharedKeys
}

async function makeKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg, kid: await calculateJwkThumbprint(jwk) }
}

export interface TestServer {
  readonly server: AuthorizationServer
  readonly clock: Clock
}

export async function testServer(
  options: Partial<AuthorizationServerOptions> = {},
  clock: Clock = testClock(),
): Promise<TestServer> {
  const server = createAuthorizationServer({
    issuer: ISSUER,
    clients: [SPA, CONFIDENTIAL],
    site: userSite({ users: [ALICE, BOB] }),
    keys: await testKeys(),
    now: clock.now,
    ...options,
  })
  return { server, clock }
}
