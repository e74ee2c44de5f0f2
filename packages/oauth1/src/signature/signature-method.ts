import { percentEncode } from './percent-encode.js'
import type { RsaKey } from './rsa-key.js'

/** Names of the signature methods that are built in. @see RFC 5849, sections 3.4.2 to 3.4.4 */
export type SignatureMethodName = 'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1' | 'RSA-SHA256' | 'PLAINTEXT'

/** The secrets and keys of a client and of a token. */
export interface SignatureKeys {
  /** The secret of the client. Default: empty. */
  readonly clientSecret?: string | undefined
  /** The secret of the temporary or token credentials. Default: empty. */
  readonly tokenSecret?: string | undefined
  /** Signs with RSA. */
  readonly privateKey?: RsaKey | undefined
  /** Verifies RSA. */
  readonly publicKey?: RsaKey | undefined
}

/** Signs requests and verifies signatures. Implement it for a method that a provider has made up. */
export interface SignatureMethod {
  /** The value of `oauth_signature_method`. */
  readonly name: string
  /** The digest for `oauth_body_hash`, as WebCrypto names it. Absent: the method covers no body. */
  readonly bodyHash?: string | undefined
  /** @returns the value of `oauth_signature`, before it is percent-encoded */
  sign(baseString: string, keys: SignatureKeys): string | Promise<string>
  /** @returns whether the signature is that of the base string. It must not show by its time where two signatures differ */
  verify(baseString: string, signature: string, keys: SignatureKeys): boolean | Promise<boolean>
}

/**
 * Finds a built-in signature method.
 *
 * @returns undefined for another name
 * @see RFC 5849, section 3.4
 */
export function findSignatureMethod(name: string): SignatureMethod | undefined {
  if (name === 'PLAINTEXT') return PLAINTEXT
  const [, kind, bits] = /^(HMAC|RSA)-SHA(1|256)$/.exec(name) ?? []
  if (!kind) return undefined
  return kind === 'HMAC' ? hmac(name, `SHA-${bits}`) : rsa(name, `SHA-${bits}`)
}

/** @see RFC 5849, section 3.4.2 */
function hmac(name: string, hash: string): SignatureMethod {
  const keyOf = (keys: SignatureKeys): Promise<CryptoKey> =>
    crypto.subtle.importKey('raw', encode(secretsOf(keys)), { name: 'HMAC', hash }, false, ['sign', 'verify'])
  return {
    name,
    bodyHash: hash,
    sign: async (text, keys) => toBase64(await crypto.subtle.sign('HMAC', await keyOf(keys), encode(text))),
    async verify(text, signature, keys) {
      const bytes = fromBase64(signature)
      return !!bytes && crypto.subtle.verify('HMAC', await keyOf(keys), bytes, encode(text))
    },
  }
}

/** RSASSA-PKCS1-v1_5. @see RFC 5849, section 3.4.3 */
function rsa(name: string, hash: string): SignatureMethod {
  const keyOf = async (usage: 'sign' | 'verify', key: RsaKey | undefined): Promise<CryptoKey> => {
    if (!key) throw new TypeError(`${name} needs a ${usage === 'sign' ? 'private' : 'public'} key.`)
    // Few providers use RSA.
    return (await import('./rsa-key.js')).importRsaKey(key, hash, usage)
  }
  return {
    name,
    bodyHash: hash,
    async sign(text, { privateKey }) {
      return toBase64(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', await keyOf('sign', privateKey), encode(text)))
    },
    async verify(text, signature, { publicKey }) {
      const bytes = fromBase64(signature)
      return !!bytes && crypto.subtle.verify('RSASSA-PKCS1-v1_5', await keyOf('verify', publicKey), bytes, encode(text))
    },
  }
}

/** Sends the secrets themselves, so that it is for https only. @see RFC 5849, section 3.4.4 */
const PLAINTEXT: SignatureMethod = {
  name: 'PLAINTEXT',
  sign: (_text, keys) => secretsOf(keys),
  async verify(_text, signature, keys) {
    // Two digests differ everywhere if the texts differ anywhere, so that the time says nothing about the secret.
    const [one, other] = await Promise.all([digest('SHA-256', encode(signature)), digest('SHA-256', encode(secretsOf(keys)))])
    return one === other
  },
}

/**
 * Computes a digest, such as the `oauth_body_hash`.
 *
 * @param hash as WebCrypto names it
 * @returns base64
 * @see OAuth Request Body Hash 1.0, section 3.2
 */
export async function digest(hash: string, data: BufferSource): Promise<string> {
  return toBase64(await crypto.subtle.digest(hash, data))
}

function secretsOf({ clientSecret = '', tokenSecret = '' }: SignatureKeys): string {
  return `${percentEncode(clientSecret)}&${percentEncode(tokenSecret)}`
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
