import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import type { ClientRecord } from '../../storage/client-record.js'
import { authorizePath } from '../../server/test-browser.fixture.js'
import { ISSUER, SPA, type Clock } from '../../server/test-server.fixture.js'

/** A key of a client's, and what the server knows of it. */
export interface ClientKeys {
  readonly privateKey: CryptoKey
  readonly jwks: { readonly keys: readonly JWK[] }
}

export async function clientKeys(alg = 'ES256'): Promise<ClientKeys> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, jwks: { keys: [{ ...(await exportJWK(publicKey)), alg, kid: `key-${alg}` }] } }
}

/** The single-page app, with a public key registered. */
export function signingClient({ jwks }: ClientKeys, more: Readonly<Record<string, unknown>> = {}): ClientRecord {
  return { ...SPA, jwks: { keys: jwks.keys.map((key) => ({ ...key })) }, ...more }
}

export interface Signing {
  readonly key: CryptoKey | Uint8Array
  readonly clock: Clock
  readonly alg?: string
  /** Null: none. */
  readonly typ?: string | null
}

/** The authorization request of the fixtures as a request object; claims that are given win, undefined takes one away. */
export function sign(
  claims: Readonly<Record<string, unknown>>,
  { key, clock, alg = 'ES256', typ = 'oauth-authz-req+jwt' }: Signing,
): Promise<string> {
  const authorization = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
  const now = Math.floor(clock.now() / 1000)
  const about = { iss: SPA.clientId, aud: ISSUER, iat: now, nbf: now, exp: now + 60 }
  const header = { alg, kid: `key-${alg}`, ...(typ === null ? {} : { typ }) }
  return new SignJWT({ ...authorization, ...about, ...claims }).setProtectedHeader(header).sign(key)
}

/** The path of an authorization request with these parameters and no others. */
export function barePath(params: Readonly<Record<string, string>>): string {
  return `/oauth/authorize?${new URLSearchParams({ client_id: SPA.clientId, ...params }).toString()}`
}
