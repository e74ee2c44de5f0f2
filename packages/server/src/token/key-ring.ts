import { calculateJwkThumbprint, createLocalJWKSet, importJWK, type CryptoKey, type JWK } from 'jose'
import { checkSigningKey } from './check-signing-key.js'
import { keepKeyObject } from './key-object.js'
import { generateSigningKey, SIGNING_ALGORITHMS } from './generate-signing-keys.js'
import { withoutUndefined } from '../options/without-undefined.js'

/** A private key, and the id that its public key is published under. */
export interface SigningKey {
  /** Identifies the key in the key set. */
  readonly kid: string
  /** The signing algorithm. */
  readonly alg: string
  /** The private key. */
  readonly key: CryptoKey
}

/** When a new key is first used, and when the former one is removed. */
export interface RotationOptions {
  /** Seconds that a new key is published before it signs; longer than verifiers cache the key set. Default 600. */
  readonly publishAhead?: number | undefined
  /** Seconds that a key stays published after it last signed; longer than the lifetime of its tokens. Default 86,400. */
  readonly overlap?: number | undefined
}

/** The server's keys: one of each algorithm signs; all that are needed to verify tokens are published. */
export interface KeyRing {
  /** Returns the key that signs. @param alg default: RS256 (OpenID Connect Core 1.0, section 15.1), or that of the first key */
  signingKey(alg: string | undefined): Promise<SigningKey>
  /** Returns the key set for `jwks_uri`: public members only (RFC 7517, section 5). The same object until the keys change. */
  publicKeys(): Promise<{ keys: JWK[] }>
  /** Returns a look-up of the key that verifies a token of this server, by the token's `kid` and `alg`. */
  verifier(): Promise<ReturnType<typeof createLocalJWKSet>>
  /**
   * Publishes a new key, which signs once verifiers have had time to fetch it.
   *
   * @param jwk a private key with an `alg`; by default one is created
   */
  rotate(alg: string | undefined, jwk?: JWK): Promise<SigningKey>
  /** The algorithms of the keys. */
  readonly algorithms: readonly string[]
}

interface KeyPair extends SigningKey {
  readonly publicJwk: JWK
}

/** Times are milliseconds since the epoch. */
interface Term {
  readonly key: Promise<KeyPair>
  readonly signsFrom: number
  readonly retiresAt: number
}

/** The key set of these pairs, made once. */
interface PublishedKeys {
  readonly pairs: readonly Promise<KeyPair>[]
  readonly keySet: Promise<{ keys: JWK[] }>
}

async function publish(pairs: readonly Promise<KeyPair>[]): Promise<{ keys: JWK[] }> {
  const all = await Promise.all(pairs)
  return { keys: all.map(({ publicJwk }) => publicJwk) }
}

/** Options of {@link createKeyRing}. */
export interface KeyRingOptions extends RotationOptions {
  /** Private keys as JWKs, each with its `alg`; the first of an algorithm signs. Without any, keys are created when needed. */
  readonly keys?: readonly JWK[] | undefined
  readonly now: () => number
}

/** Creates the keys of a server. Throws a TypeError for a key that is not private or has no `alg`. */
export function createKeyRing({ keys = [], now, publishAhead = 600, overlap = 86_400 }: KeyRingOptions): KeyRing {
  const terms = new Map<string, readonly Term[]>()
  const unlimited = { signsFrom: -Infinity, retiresAt: Infinity }
  for (const jwk of keys) {
    checkSigningKey(jwk)
    const key = importKeyPair(jwk)
    // Signing with an invalid key fails; until then its rejection must not end the process as unhandled.
    key.catch(() => undefined)
    const { alg = '' } = jwk
    terms.set(alg, [...(terms.get(alg) ?? []), { key, ...unlimited }])
  }
  const algorithms = keys.length > 0 ? [...terms.keys()] : [...SIGNING_ALGORITHMS]
  const standard = algorithms.includes('RS256') ? 'RS256' : (algorithms[0] ?? 'RS256')
  const validTerms = (alg: string): readonly [Term, ...Term[]] => {
    if (!algorithms.includes(alg)) throw new TypeError(`there is no key for "${alg}"`)
    const [first, ...others] = (terms.get(alg) ?? []).filter(({ retiresAt }) => retiresAt > now())
    const valid: readonly [Term, ...Term[]] = first ? [first, ...others] : [{ key: createKey(alg), ...unlimited }]
    terms.set(alg, valid)
    return valid
  }
  let published: PublishedKeys | undefined
  const publicKeys = (): Promise<{ keys: JWK[] }> => {
    const pairs = algorithms.flatMap((alg) => validTerms(alg).map(({ key }) => key))
    const isSame = published?.pairs.length === pairs.length && pairs.every((pair, index) => pair === published?.pairs[index])
    if (!published || !isSame) published = { pairs, keySet: publish(pairs) }
    return published.keySet
  }
  return {
    algorithms,
    publicKeys,
    verifier: async () => createLocalJWKSet(await publicKeys()),
    async signingKey(alg = standard) {
      const [first, ...others] = validTerms(alg)
      return others.reduce((best, term) => (term.signsFrom > best.signsFrom && term.signsFrom <= now() ? term : best), first).key
    },
    async rotate(alg = standard, jwk) {
      const signsFrom = now() + publishAhead * 1000
      const former = validTerms(alg).map((term) => ({ ...term, retiresAt: Math.min(term.retiresAt, signsFrom + overlap * 1000) }))
      if (jwk) checkSigningKey({ ...jwk, alg })
      const key = jwk ? importKeyPair({ ...jwk, alg }) : createKey(alg)
      terms.set(alg, [...former, { key, signsFrom, retiresAt: Infinity }])
      return key
    },
  }
}

async function createKey(alg: string): Promise<KeyPair> {
  return importKeyPair(await generateSigningKey(alg))
}

async function importKeyPair(jwk: JWK): Promise<KeyPair> {
  const { kty, crv, n, e, x, y, alg = '' } = jwk
  // A JWK must not have undefined members: its thumbprint is a hash of its JSON.
  const bare: JWK = withoutUndefined({ kty, crv, n, e, x, y })
  const kid = jwk.kid ?? (await calculateJwkThumbprint(bare))
  const key = await importJWK(jwk, alg)
  if (key instanceof Uint8Array)
    throw new TypeError('keys: a symmetric key cannot sign tokens that others verify (RFC 8725, section 3.1)')
  keepKeyObject(key, jwk)
  return { kid, alg, key, publicJwk: { ...bare, kid, use: 'sig', alg } }
}
