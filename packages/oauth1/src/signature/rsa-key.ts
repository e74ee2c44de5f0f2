/** An RSA key: a WebCrypto key, a JWK, or PEM text (PKCS #8 or PKCS #1 if private, SPKI if public). */
export type RsaKey = CryptoKey | JsonWebKey | string

/**
 * Reads the key for RSASSA-PKCS1-v1_5 with a hash.
 *
 * @throws TypeError for a key that cannot be read
 */
export async function importRsaKey(key: RsaKey, hash: string, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  if (key instanceof CryptoKey) return withHash(key, hash)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash }
  if (typeof key !== 'string') {
    // A key for another hash or use is the same key.
    const { alg: _alg, key_ops: _operations, use: _use, ...jwk } = key
    return crypto.subtle.importKey('jwk', jwk, algorithm, false, [usage])
  }
  const { kind, bytes } = readPem(key)
  if (kind === 'PUBLIC KEY') return crypto.subtle.importKey('spki', bytes, algorithm, false, [usage])
  const pkcs8 = kind === 'RSA PRIVATE KEY' ? inPkcs8(bytes) : bytes
  return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, [usage])
}

function withHash(key: CryptoKey, hash: string): CryptoKey {
  const { name, hash: own } = key.algorithm as RsaHashedKeyAlgorithm
  if (name === 'RSASSA-PKCS1-v1_5' && own.name === hash) return key
  throw new TypeError(`Expected a key for RSASSA-PKCS1-v1_5 with ${hash}, received one for ${name} with ${own?.name}.`)
}

function readPem(pem: string): { readonly kind: string; readonly bytes: Uint8Array<ArrayBuffer> } {
  // Environment variables contain the two characters instead of the line break.
  const text = pem.replaceAll(String.raw`\n`, '\n')
  const [, kind = '', body = ''] = /-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END/.exec(text) ?? []
  if (!/^(?:(?:RSA )?PRIVATE|PUBLIC) KEY$/.test(kind) || body.includes(':')) {
    throw new TypeError(
      `Expected a PEM block "PRIVATE KEY", "RSA PRIVATE KEY" (without a password) or "PUBLIC KEY", received ${kind ? `"${kind}"` : 'none'}.`,
    )
  }
  return { kind, bytes: Uint8Array.from(atob(body.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0)) }
}

/** Version 0 and the algorithm rsaEncryption with NULL, in DER. @see RFC 5958, section 2; RFC 8017, appendix A.1 */
const RSA_ALGORITHM = [0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00]

/** WebCrypto reads PKCS #8 only, which for RSA is PKCS #1 in an envelope. */
function inPkcs8(pkcs1: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(element(0x30, [...RSA_ALGORITHM, ...element(0x04, [...pkcs1])]))
}

/** One DER element. A length of 128 or more comes after the number of its bytes. */
function element(tag: number, content: readonly number[]): number[] {
  const size = content.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return [tag, ...length, ...content]
}
