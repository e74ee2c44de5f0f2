import { percentEncode } from './percent-encode.js'
import type { SignatureKeys, SignatureMethod } from './signature-method.js'

// Apart from the other methods, which clients load when they need them.

/** The half of an HMAC method that a client needs. */
export interface Hmac extends Required<Pick<SignatureMethod, 'name' | 'bodyHash' | 'sign'>> {
  readonly keyOf: (keys: SignatureKeys, usage: 'sign' | 'verify') => Promise<CryptoKey>
}

/** @returns undefined for the name of another method @see RFC 5849, section 3.4.2 */
export function hmac(name: unknown): Hmac | undefined {
  if (name !== 'HMAC-SHA1' && name !== 'HMAC-SHA256') return undefined
  const hash = name.replace('HMAC-SHA', 'SHA-')
  const keyOf: Hmac['keyOf'] = (keys, usage) =>
    crypto.subtle.importKey('raw', encode(secretsOf(keys)), { name: 'HMAC', hash }, false, [usage])
  return {
    name,
    bodyHash: hash,
    keyOf,
    sign: async (text, keys) => toBase64(await crypto.subtle.sign('HMAC', await keyOf(keys, 'sign'), encode(text))),
  }
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
