import { createError } from '../errors/create-error.js'
import { encodedHash } from '../platform/base64.js'

/**
 * @param problem a key of `errors/id-token-reasons.ts`, or a text
 * @throws ValidationError invalid_id_token naming the claim
 */
export function check(condition: boolean, claim: string, problem: string, section?: string): asserts condition {
  if (!condition) throw createError('invalid_id_token', ['claim', claim, problem, section])
}

/** @param typ a media type, whose prefix "application/" may be omitted. @see RFC 7515, section 4.1.9 */
export function isPlainJwt(typ: unknown): boolean {
  return typeof typ === 'string' && /^(?:application\/)?jwt$/i.test(typ)
}

/**
 * Checks `at_hash`, `c_hash` or `s_hash`: the left half of the hash of the value, by the algorithm of the signature.
 *
 * @see OpenID Connect Core 1.0, sections 3.1.3.6 and 3.3.2.11
 */
export async function checkHash(claim: unknown, value: string | undefined, algorithm: string, name: string): Promise<void> {
  if (claim === undefined || value === undefined) return
  const bits = algorithm.startsWith('Ed') ? 512 : Number(algorithm.slice(2))
  check(claim === (await encodedHash(value, bits, bits / 16)), name, 'hash')
}
