import { sha256 } from '@noble/hashes/sha2.js'
import { timingSafeEqual } from 'hono/utils/buffer'
import { base64url } from 'jose'

/**
 * Returns the SHA-256 of a value in base64url: 43 characters, short enough for memcached's 250-byte keys. Stores hold digests, never
 * tokens, codes or secrets, so that a stolen store is useless. Every such value has at least 122 random bits, so one round of SHA-256
 * is enough (RFC 9700, section 4.14; NIST SP 800-63B, section 5.1.2.2).
 *
 * Web Crypto would use a thread for forty bytes and take thirty times as long, several times per token request.
 */
export function digest(value: string): Promise<string> {
  return Promise.resolve(base64url.encode(sha256(new TextEncoder().encode(value))))
}

/** Compares secrets in constant time. */
export function isSameSecret(one: string, other: string): Promise<boolean> {
  return timingSafeEqual(one, other, digest)
}
