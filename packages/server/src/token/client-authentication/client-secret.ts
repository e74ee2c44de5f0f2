import type { ClientRecord } from '../../storage/client-record.js'
import { digest, isSameSecret } from '../../storage/digest.js'

const HASHED = 'sha256:'

/** Returns the digest of a generated secret, as it is stored. */
export async function hashClientSecret(secret: string): Promise<string> {
  return `${HASHED}${await digest(secret)}`
}

/** Tells whether the secret is the client's, in constant time. */
export async function isClientSecret(given: string, { clientSecret }: ClientRecord): Promise<boolean> {
  if (clientSecret === undefined) return false
  return isSameSecret(clientSecret.startsWith(HASHED) ? await hashClientSecret(given) : given, clientSecret)
}

/** Returns the secret as an HMAC key; undefined if there is none, or only its digest is stored. @see RFC 7518, section 3.2 */
export function hmacKeyOf({ clientSecret = '' }: ClientRecord): Uint8Array | undefined {
  return clientSecret === '' || clientSecret.startsWith(HASHED) ? undefined : new TextEncoder().encode(clientSecret)
}
