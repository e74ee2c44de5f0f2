import type { JWK } from 'jose'
import { checkMembers, type MembersOf } from '../options/check-members.js'

/** A private key in PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted. */
export interface PemKey {
  /** Starts with `-----BEGIN`. */
  readonly pem: string
  /** Default: RS256, ES256, ES384, ES512 or EdDSA, depending on the key. */
  readonly alg?: string | undefined
  /** Default: the thumbprint of the public key (RFC 7638). */
  readonly kid?: string | undefined
}

/** The algorithm of each kind of key, by its `crv`, or `kty` if it has none. @see RFC 7518, section 3.1 */
const ALGORITHMS: Readonly<Record<string, string>> = {
  RSA: 'RS256',
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
}

/** Returns a key as a JWK. Throws a TypeError for PEM that contains no private key for signatures, without quoting it. */
export function asJwk(key: JWK | PemKey | string): JWK {
  if (typeof key === 'string') return fromPem({ pem: key })
  if (typeof key !== 'object' || key === null) throw new TypeError('keys: expected JWKs, or private keys in PEM')
  if (!('pem' in key)) return key
  checkMembers(key, { pem: true, alg: true, kid: true } satisfies MembersOf<PemKey>, { name: 'keys' })
  return fromPem(key)
}

function fromPem({ pem, alg, kid }: PemKey): JWK {
  const jwk = exportJwk(pem)
  const standard = ALGORITHMS[jwk.crv ?? jwk.kty ?? '']
  if (standard === undefined) throw new TypeError('keys: the PEM key is of a kind that cannot sign (RFC 7518, section 3.1)')
  return { ...jwk, alg: alg ?? standard, ...(kid !== undefined && { kid }) }
}

/** The part of `node:crypto` that is used: Web Crypto reads PKCS #8 only, and not at once. */
interface NodeCrypto {
  createPrivateKey(pem: string): { export(options: { readonly format: 'jwk' }): JWK }
}

function exportJwk(pem: string): JWK {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } }
  const crypto = process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined
  if (!crypto) throw new TypeError('keys: PEM needs node:crypto, which this runtime does not have. Convert the key to a JWK')
  try {
    return crypto.createPrivateKey(pem).export({ format: 'jwk' })
  } catch {
    // The cause could quote the key.
    throw new TypeError('keys: expected a private key in PEM that is not encrypted (RFC 7468, section 10)')
  }
}
