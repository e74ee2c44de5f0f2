import { percentEncode } from './percent-encode.js'
import type { SignatureKeys, SignatureMethod } from './signature-method.js'

// Apart from the other methods, which clients load when they need them.

/** The half of an HMAC method that a client needs. */
export type Hmac = Required<Pick<SignatureMethod, 'name' | 'bodyHash' | 'sign'>>

/** Whether a name is that of an HMAC method. */
export function isHmac(name: unknown): name is 'HMAC-SHA1' | 'HMAC-SHA256' {
  return /^HMAC-SHA(1|256)$/.test(String(name))
}

/** @returns the half of an HMAC method that signs @see RFC 5849, section 3.4.2 */
export function hmac(name: string): Hmac {
  const bodyHash = name.replace('HMAC-SHA', 'SHA-')
  return {
    name,
    bodyHash,
    sign: async (text, keys) => toBase64(await crypto.subtle.sign('HMAC', await hmacKey(bodyHash, keys, 'sign'), encode(text))),
  }
}

/** Imports the secrets as a key. */
export function hmacKey(hash: string, keys: SignatureKeys, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', encode(secretsOf(keys)), { name: 'HMAC', hash }, false, [usage])
}

/** The key of HMAC, and the signature of PLAINTEXT. */
export function secretsOf({ clientSecret = '', tokenSecret = '' }: SignatureKeys): string {
  return `${percentEncode(clientSecret)}&${percentEncode(tokenSecret)}`
}

/** In UTF-8. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** Base64 with padding. */
export function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}
