import { base64url, jwtVerify, type JWTVerifyResult } from 'jose'
import { parseUrl } from '../http/parse-url.js'
import { importProofKey, thumbprintOf } from './proof-keys.js'

/** Algorithms that a proof may be signed with: asymmetric ones only. @see RFC 9449, section 4.2 */
export const DPOP_ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'RS256', 'PS256']

/** Seconds before and after now in which a proof must have been created. */
export const PROOF_WINDOW = 60

/** Characters of a proof: more than one with an RSA key of 8192 bits has. */
const MAX_LENGTH = 8192

/** What a proof must have been made for. */
export interface ProofExpectations {
  /** The method of the request. */
  readonly method: string
  /** The URL of the request, or those at which clients may reach it; query and fragment are ignored. */
  readonly url: string | readonly string[]
  /** At a protected resource: the access token that the proof accompanies. */
  readonly accessToken?: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Returns the SHA-256 of a text in base64url. Default: Web Crypto's. */
  readonly hash?: ((text: string) => Promise<string>) | undefined
}

/** A proof whose key, method, URL, token and age are right. Its nonce and its single use are the caller's to check. */
export interface VerifiedProof {
  /** The thumbprint of the key. */
  readonly thumbprint: string
  /** Unique to the proof and its key: the SHA-256 of both. */
  readonly id: string
  readonly nonce: unknown
  /** Milliseconds since the epoch, until which the proof must be remembered as used. */
  readonly until: number
}

/** Why a proof is not valid; `message` may be sent. */
export class ProofError extends Error {
  override readonly name = 'ProofError'
}

/** Checks a DPoP proof: created for this request, just now, by the key that it contains. Throws ProofError. @see RFC 9449, section 4.3 */
export async function verifyProof(proof: string, expected: ProofExpectations): Promise<VerifiedProof> {
  const { hash = sha256 } = expected
  const { payload, protectedHeader } = await verifySignature(proof, expected)
  const { htm, htu, jti, iat = 0, ath, nonce } = payload
  if (htm !== expected.method) throw new ProofError('"htm" is not the method of the request')
  if (![expected.url].flat().some((url) => isSameTarget(htu, url))) throw new ProofError('"htu" is not the URL of the request')
  if (typeof jti !== 'string' || jti === '') throw new ProofError('"jti" must be text')
  if (Math.abs(expected.now / 1000 - iat) > PROOF_WINDOW) throw new ProofError('"iat" is not within a minute of now')
  if (expected.accessToken !== undefined && ath !== (await hash(expected.accessToken)))
    throw new ProofError('"ath" is not the hash of the access token')
  const { jwk } = protectedHeader
  if (!jwk || 'd' in jwk) throw new ProofError('the header must contain a public key')
  const thumbprint = await thumbprintOf(jwk)
  const id = await hash(`${thumbprint} ${jti}`)
  // Longer than the proof is accepted, also by processes whose clocks are slower.
  return { thumbprint, id, nonce, until: (iat + 2 * PROOF_WINDOW) * 1000 }
}

async function verifySignature(proof: string, { now }: ProofExpectations): Promise<JWTVerifyResult> {
  if (proof.length > MAX_LENGTH) throw new ProofError(`it is longer than ${MAX_LENGTH} characters`)
  try {
    return await jwtVerify(proof, importProofKey, {
      typ: 'dpop+jwt',
      algorithms: [...DPOP_ALGORITHMS],
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      currentDate: new Date(now),
    })
  } catch (cause) {
    throw new ProofError('it is not a JWT of type dpop+jwt that its own key has signed', { cause })
  }
}

/** Compares parsed URLs, so that case, default ports and dot segments do not matter (RFC 9449, section 4.3, item 9). */
function isSameTarget(htu: unknown, url: string): boolean {
  const actual = typeof htu === 'string' ? parseUrl(htu) : undefined
  if (!actual) return false
  const expected = new URL(url)
  return actual.origin === expected.origin && actual.pathname === expected.pathname && actual.search === '' && actual.hash === ''
}

/** Returns the SHA-256 of a text in base64url. */
export async function sha256(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
