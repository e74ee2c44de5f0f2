import { digest } from './digest.js'
import { encode, hmacKey, secretsOf, signHmac, toBase64 } from './hmac.js'
import type { RsaKey } from './rsa-key.js'
import type { SignatureKeys, SignatureMethod } from './signature-method.js'

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
  return kind === 'RSA' ? rsa(name, `SHA-${bits}`) : hmac(name, `SHA-${bits}`)
}

/** @see RFC 5849, section 3.4.2 */
function hmac(name: string, bodyHash: string): SignatureMethod {
  return {
    name,
    bodyHash,
    sign: (text, keys) => signHmac(name, text, joined(keys)),
    async verify(text, signature, keys) {
      const bytes = fromBase64(signature)
      return !!bytes && crypto.subtle.verify('HMAC', await hmacKey(name, joined(keys), 'verify'), bytes, encode(text))
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
  sign: (_text, keys) => joined(keys),
  async verify(_text, signature, keys) {
    // Two digests differ everywhere if the texts differ anywhere, so that the time says nothing about the secret.
    const [one, other] = await Promise.all([digest('SHA-256', encode(signature)), digest('SHA-256', encode(joined(keys)))])
    return one === other
  },
}

function joined({ clientSecret, tokenSecret }: SignatureKeys): string {
  return secretsOf(clientSecret, tokenSecret)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
