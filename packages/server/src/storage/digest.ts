import { base64url } from 'jose'

/**
 * Stores hold digests, never tokens, codes or secrets: who reads a store cannot use what is in it. Every such value has at
 * least 122 random bits, so that one round of SHA-256 is enough (RFC 9700, section 4.14; NIST SP 800-63B, section 5.1.2.2).
 *
 * @returns the SHA-256 of the value, base64url: 43 characters, short enough for memcached's 250-byte keys
 */
export async function digest(value: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value))))
}
