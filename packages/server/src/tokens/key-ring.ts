import { defined } from '../defined.js'
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'

/** Algorithms that ID tokens can be signed with. @see RFC 7518, section 3.1; RFC 8037, section 3.1 */
export const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** A key to sign with and the name it is published under. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly key: CryptoKey
}

/** The server's keys: the newest of each algorithm signs, all that are held are published. */
export interface KeyRing {
  signingKey(alg: string): Promise<SigningKey>
  /** @returns the key set for `jwks_uri`: public members only (RFC 7517, section 5) */
  publicKeys(): Promise<{ keys: JWK[] }>
  /** @returns the key that checks a token of this server's own, by the token's `kid` and `alg` */
  verifier(): Promise<ReturnType<typeof createLocalJWKSet>>
  readonly algorithms: readonly string[]
}

interface HeldKey extends SigningKey {
  readonly publicJwk: JWK
}

/**
 * @param keys private keys as JWKs, each with its `alg`; where none are given, keys are made when they are needed first
 */
export function createKeyRing(keys: readonly JWK[] = []): KeyRing {
  const given = new Map<string, Promise<HeldKey>[]>()
  for (const jwk of keys) {
    if (!jwk.alg || !jwk.d) throw new TypeError('keys: every key must be a private JWK with an "alg" (RFC 7517, section 4.4)')
    given.set(jwk.alg, [...(given.get(jwk.alg) ?? []), holdKey(jwk)])
  }
  const algorithms = keys.length > 0 ? [...given.keys()] : [...SIGNING_ALGORITHMS]
  const held = (alg: string): Promise<HeldKey>[] => {
    if (!algorithms.includes(alg)) throw new TypeError(`there is no key for "${alg}"`)
    const found = given.get(alg) ?? [makeKey(alg)]
    given.set(alg, found)
    return found
  }
  const publicKeys = async (): Promise<{ keys: JWK[] }> => {
    const all = await Promise.all(algorithms.flatMap((alg) => held(alg)))
    return { keys: all.map(({ publicJwk }) => publicJwk) }
  }
  return {
    algorithms,
    signingKey: async (alg) => held(alg)[0] ?? makeKey(alg),
    publicKeys,
    verifier: async () => createLocalJWKSet(await publicKeys()),
  }
}

async function makeKey(alg: string): Promise<HeldKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return holdKey({ ...(await exportJWK(privateKey)), alg })
}

async function holdKey(jwk: JWK): Promise<HeldKey> {
  const { kty, crv, n, e, x, y, alg = '' } = jwk
  const bare: JWK = { ...(kty === undefined ? {} : { kty }), ...defined({ crv, n, e, x, y }) }
  const kid = jwk.kid ?? (await calculateJwkThumbprint(bare))
  const key = await importJWK(jwk, alg)
  if (key instanceof Uint8Array)
    throw new TypeError('keys: a symmetric key cannot sign what others check (RFC 8725, section 3.1)')
  return { kid, alg, key, publicJwk: { ...bare, kid, use: 'sig', alg } }
}
