import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

/** Algorithms that ID tokens can be signed with. @see RFC 7518, section 3.1; RFC 8037, section 3.1 */
export const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
/** An algorithm that ID tokens can be signed with. */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** Generates one private key for each algorithm that ID tokens can be signed with, ready for the option `keys`. */
export function generateSigningKeys(): Promise<readonly JWK[]> {
  return Promise.all(SIGNING_ALGORITHMS.map(generateSigningKey))
}

/** Generates a private key with its `alg`, and with its thumbprint as `kid` (RFC 7638). */
export async function generateSigningKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg, kid: await calculateJwkThumbprint(jwk) }
}
