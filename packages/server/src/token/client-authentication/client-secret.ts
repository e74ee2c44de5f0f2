import type { ClientRecord } from '../../storage/client-record.js'
import { digest, digestNow, isSameSecret, isSameSecretNow } from '../../storage/digest.js'

const HASHED = 'sha256:'

/** The bytes of each hash, which a key must have. @see RFC 7518, section 3.2 */
const HMAC_KEY_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 }

/** Returns how many bytes a secret needs as a key of this algorithm; undefined for an algorithm that is no HMAC. */
export function hmacKeyBytes(alg: string): number | undefined {
  return Object.hasOwn(HMAC_KEY_BYTES, alg) ? HMAC_KEY_BYTES[alg] : undefined
}

/** Returns the digest of a generated secret, as it is stored. */
export async function hashClientSecret(secret: string): Promise<string> {
  return `${HASHED}${await digest(secret)}`
}

/** Tells whether the secret is the client's, in constant time. */
export async function isClientSecret(given: string, { clientSecret }: ClientRecord): Promise<boolean> {
  if (clientSecret === undefined) return false
  return isSameSecret(clientSecret.startsWith(HASHED) ? await hashClientSecret(given) : given, clientSecret)
}

/** Does what {@link isClientSecret} does, at once; undefined on runtimes that cannot. */
export function isClientSecretNow(given: string, { clientSecret }: ClientRecord): boolean | undefined {
  if (clientSecret === undefined) return false
  return isSameSecretNow(clientSecret.startsWith(HASHED) ? `${HASHED}${digestNow(given)}` : given, clientSecret)
}

/** Returns the secret as an HMAC key; undefined if there is none, or only its digest is stored. @see RFC 7518, section 3.2 */
export function hmacKeyOf({ clientSecret = '' }: ClientRecord): Uint8Array | undefined {
  return clientSecret === '' || clientSecret.startsWith(HASHED) ? undefined : new TextEncoder().encode(clientSecret)
}
