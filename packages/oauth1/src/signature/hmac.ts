import { percentEncode } from './percent-encode.js'

// Apart from the other methods, which clients load when they need them.

/** Signs by a method. @see RFC 5849, section 3.4.2 */
export async function signHmac(name: string, text: string, secrets: string): Promise<string> {
  return toBase64(await crypto.subtle.sign('HMAC', await hmacKey(name, secrets), encode(text)))
}

/** Imports the secrets as the key of a method. */
export function hmacKey(name: string, secrets: string, usage: 'sign' | 'verify' = 'sign'): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: name.replace('HMAC-SHA', 'SHA-') }
  return crypto.subtle.importKey('raw', encode(secrets), algorithm, false, [usage])
}

/** The key of HMAC, and the signature of PLAINTEXT. */
export function secretsOf(clientSecret = '', tokenSecret = ''): string {
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
