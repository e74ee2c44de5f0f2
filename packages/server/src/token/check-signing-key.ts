import type { JWK } from 'jose'

const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
/** The algorithms of each kind of key, by its `crv`, or `kty` if it has none. @see RFC 7518, section 3.1; RFC 8037, section 3.1 */
const ALGORITHMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['RSA', RSA],
  ['P-256', ['ES256']],
  ['P-384', ['ES384']],
  ['P-521', ['ES512']],
  ['Ed25519', ['EdDSA', 'Ed25519']],
])
const MIN_RSA_BITS = 2048

/** Throws a TypeError for a key with which nothing can be signed, or not safely. The message contains nothing of the key. */
export function checkSigningKey({ alg, kty = '', crv = kty, n, d }: JWK): void {
  if (!alg || !d) throw new TypeError('keys: every key must be a private JWK with an "alg" (RFC 7517, section 4.4)')
  const algorithms = ALGORITHMS.get(crv)
  if (!algorithms)
    throw new TypeError(`keys: a key of the kind "${crv}" cannot sign tokens that others verify (RFC 7518, section 3.1)`)
  if (!algorithms.includes(alg))
    throw new TypeError(`keys: a key of the kind "${crv}" cannot have the alg "${alg}". Expected ${algorithms.join(' or ')}`)
  // Base64url: six bits a character.
  if (kty === 'RSA' && n !== undefined && n.length * 6 < MIN_RSA_BITS)
    throw new TypeError(`keys: expected an RSA key of at least ${MIN_RSA_BITS} bits (RFC 7518, section 3.3)`)
}
