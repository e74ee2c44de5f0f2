import type { ClientRecord } from '../storage/client-store.js'
import { digest, isSameSecret } from '../storage/digest.js'

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
