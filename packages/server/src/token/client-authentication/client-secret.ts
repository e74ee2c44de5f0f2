import type { ClientRecord } from '../../storage/client-store.js'
import { digest, isSameSecret } from '../../storage/digest.js'

const HASHED = 'sha256:'

/** @returns the form in which a generated secret is stored */
export async function hashClientSecret(secret: string): Promise<string> {
  return `${HASHED}${await digest(secret)}`
}

/** @returns whether the secret is the client's, in the same time whichever character differs first */
export async function isClientSecret(given: string, { clientSecret }: ClientRecord): Promise<boolean> {
  if (clientSecret === undefined) return false
  return isSameSecret(clientSecret.startsWith(HASHED) ? await hashClientSecret(given) : given, clientSecret)
}

/** @returns the secret as the key of an HMAC; undefined where there is none, or only its digest is kept. @see RFC 7518, section 3.2 */
export function hmacKeyOf({ clientSecret = '' }: ClientRecord): Uint8Array | undefined {
  return clientSecret === '' || clientSecret.startsWith(HASHED) ? undefined : new TextEncoder().encode(clientSecret)
}
