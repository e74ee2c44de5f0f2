import { defined } from '../options/defined.js'
import { calculateJwkThumbprint, createLocalJWKSet, importJWK, type CryptoKey, type JWK } from 'jose'
import { generateSigningKey, SIGNING_ALGORITHMS } from './generate-signing-keys.js'

/** A key to sign with and the name it is published under. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly key: CryptoKey
}

/** When a rotated key takes over, and when the former one goes. */
export interface RotationOptions {
  /** Seconds that a new key is published before it signs; longer than anybody caches the key set. Default 600. */
  readonly publishAhead?: number
  /** Seconds that a key stays published after it signed last; longer than anything it signed lives. Default 86,400. */
  readonly overlap?: number
}

/** The server's keys: one of each algorithm signs, all that may be needed to check a token are published. */
export interface KeyRing {
  /** @param alg default: RS256 (OpenID Connect Core 1.0, section 15.1), or the first that there is a key for */
  signingKey(alg: string | undefined): Promise<SigningKey>
  /** @returns the key set for `jwks_uri`: public members only (RFC 7517, section 5) */
  publicKeys(): Promise<{ keys: JWK[] }>
  /** @returns a look-up of the key that checks a token of this server's own, by the token's `kid` and `alg` */
  verifier(): Promise<ReturnType<typeof createLocalJWKSet>>
  /**
   * Publishes a new key, which signs from then on when everybody has had time to see it.
   *
   * @param jwk a private key with an `alg`; by default one is made
   */
  rotate(alg: string | undefined, jwk?: JWK): Promise<SigningKey>
  readonly algorithms: readonly string[]
}

interface HeldKey extends SigningKey {
  readonly publicJwk: JWK
}

/** Times are milliseconds since the epoch. */
interface Term {
  readonly key: Promise<HeldKey>
  readonly signsFrom: number
  readonly retiresAt: number
}

export interface KeyRingOptions extends RotationOptions {
  /** Private keys as JWKs, each with its `alg`; the first of an algorithm signs. Where none are given, keys are made when needed. */
  readonly keys?: readonly JWK[]
  readonly now: () => number
}

/** @returns a ring of keys; throws a TypeError for a key that is not private or has no `alg` */
export function createKeyRing({ keys = [], now, publishAhead = 600, overlap = 86_400 }: KeyRingOptions): KeyRing {
  const terms = new Map<string, readonly Term[]>()
  const forEver = { signsFrom: -Infinity, retiresAt: Infinity }
  for (const jwk of keys) {
    if (!jwk.alg || !jwk.d) throw new TypeError('keys: every key must be a private JWK with an "alg" (RFC 7517, section 4.4)')
    const key = holdKey(jwk)
    // Whoever signs with a key that cannot be read is told; until then nobody waits for it, which must not end the process.
    key.catch(() => undefined)
    terms.set(jwk.alg, [...(terms.get(jwk.alg) ?? []), { key, ...forEver }])
  }
  const algorithms = keys.length > 0 ? [...terms.keys()] : [...SIGNING_ALGORITHMS]
  const standard = algorithms.includes('RS256') ? 'RS256' : (algorithms[0] ?? 'RS256')
  const held = (alg: string): readonly [Term, ...Term[]] => {
    if (!algorithms.includes(alg)) throw new TypeError(`there is no key for "${alg}"`)
    const [first, ...others] = (terms.get(alg) ?? []).filter(({ retiresAt }) => retiresAt > now())
    const alive: readonly [Term, ...Term[]] = first ? [first, ...others] : [{ key: makeKey(alg), ...forEver }]
    terms.set(alg, alive)
    return alive
  }
  const publicKeys = async (): Promise<{ keys: JWK[] }> => {
    const all = await Promise.all(algorithms.flatMap((alg) => held(alg).map(({ key }) => key)))
    return { keys: all.map(({ publicJwk }) => publicJwk) }
  }
  return {
    algorithms,
    publicKeys,
    verifier: async () => createLocalJWKSet(await publicKeys()),
    async signingKey(alg = standard) {
      const [first, ...others] = held(alg)
      return others.reduce((best, term) => (term.signsFrom > best.signsFrom && term.signsFrom <= now() ? term : best), first).key
    },
    async rotate(alg = standard, jwk) {
      const signsFrom = now() + publishAhead * 1000
      const former = held(alg).map((term) => ({ ...term, retiresAt: Math.min(term.retiresAt, signsFrom + overlap * 1000) }))
      const key = jwk ? holdKey({ ...jwk, alg }) : makeKey(alg)
      terms.set(alg, [...former, { key, signsFrom, retiresAt: Infinity }])
      return key
    },
  }
}

async function makeKey(alg: string): Promise<HeldKey> {
  return holdKey(await generateSigningKey(alg))
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
