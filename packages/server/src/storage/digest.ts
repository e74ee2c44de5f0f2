import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { timingSafeEqual } from 'hono/utils/buffer'
import { base64url } from 'jose'
import { nodeCrypto } from './node-crypto.js'

/**
 * Returns the SHA-256 of a value in base64url: 43 characters, short enough for memcached's 250-byte keys. Stores hold digests, never
 * tokens, codes or secrets, so that a stolen store is useless. Every such value has at least 122 random bits, so one round of SHA-256
 * is enough (RFC 9700, section 4.14; NIST SP 800-63B, section 5.1.2.2).
 *
 * Web Crypto would use a thread for forty bytes and take thirty times as long, several times per token request.
 */
export function digest(value: string): Promise<string> {
  return Promise.resolve(digestNow(value))
}

/** Returns what {@link digest} does, for callers that digest with every request. */
export function digestNow(value: string): string {
  const node = nodeCrypto()
  if (node?.hash) return node.hash('sha256', value, 'base64url')
  if (node) return node.createHash('sha256').update(value, 'utf8').digest('base64url')
  return base64url.encode(sha256(new TextEncoder().encode(value)))
}

const BYTES = new TextEncoder()

/** Codes that are kept for each secret: those of the clients and addresses that sent a request last. */
const MAX_KEPT = 500

const kept = new WeakMap<Uint8Array, Map<string, Uint8Array>>()

/** Returns the HMAC-SHA-256 of a text. The same texts come again with each request of a client, so the last ones are kept. */
export function hmacOf(secret: Uint8Array, value: string): Uint8Array {
  const known = kept.get(secret) ?? new Map<string, Uint8Array>()
  kept.set(secret, known)
  const code = known.get(value) ?? createHmac(secret, value)
  known.delete(value)
  known.set(value, code)
  const [oldest] = known.keys()
  if (known.size > MAX_KEPT && oldest !== undefined) known.delete(oldest)
  return code
}

function createHmac(secret: Uint8Array, value: string): Uint8Array {
  const node = nodeCrypto()
  if (node) return node.createHmac('sha256', secret).update(value, 'utf8').digest()
  return hmac(sha256, secret, new TextEncoder().encode(value))
}

/** Compares secrets in constant time. */
export function isSameSecret(one: string, other: string): Promise<boolean> {
  const isSame = isSameSecretNow(one, other)
  return isSame === undefined ? timingSafeEqual(one, other, digest) : Promise.resolve(isSame)
}

/** Does what {@link isSameSecret} does, at once; undefined on runtimes that cannot. */
export function isSameSecretNow(one: string, other: string): boolean | undefined {
  const node = nodeCrypto()
  if (!node) return undefined
  // Digests have one length, and those of other texts differ.
  if (node.hash) return node.timingSafeEqual(node.hash('sha256', one, 'buffer'), node.hash('sha256', other, 'buffer'))
  return node.timingSafeEqual(BYTES.encode(digestNow(one)), BYTES.encode(digestNow(other)))
}
