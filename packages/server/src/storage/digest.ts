import { sha256 } from '@noble/hashes/sha2.js'
import { timingSafeEqual } from 'hono/utils/buffer'
import { base64url } from 'jose'

/**
 * Stores hold digests, never tokens, codes or secrets: who reads a store cannot use what is in it. Every such value has at
 * least 122 random bits, so that one round of SHA-256 is enough (RFC 9700, section 4.14; NIST SP 800-63B, section 5.1.2.2).
 * Not by Web Crypto: that takes a thread to hash forty bytes, thirty times as long, and a token request hashes several times.
 *
 * @returns the SHA-256 of the value, base64url: 43 characters, short enough for memcached's 250-byte keys
 */
export function digest(value: string): Promise<string> {
  return Promise.resolve(base64url.encode(sha256(new TextEncoder().encode(value))))
}

/** Compares secrets in a time that tells nothing of where they differ. */
export function isSameSecret(one: string, other: string): Promise<boolean> {
  return timingSafeEqual(one, other, digest)
}
