import { jwtVerify, type JWTVerifyResult } from 'jose'
import { OAuthError } from '../../http/oauth-error.js'
import { parseUrl } from '../../http/parse-url.js'
import type { ServerContext } from '../../options/server-context.js'
import type { Proof, ProofTarget } from '../../resource/proof-of-possession.js'
import { digest, isSameSecret } from '../../storage/digest.js'
import { createDpopNonce, isDpopNonce } from './dpop-nonce.js'
import { importProofKey, thumbprintOf } from './proof-keys.js'

/** Algorithms that a proof may be signed with: asymmetric ones only. @see RFC 9449, section 4.2 */
export const DPOP_ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'RS256', 'PS256']

/** Seconds before and after now in which a proof must have been created. */
const WINDOW = 60

/** What the check needs of the server. */
export interface DpopServer extends Pick<ServerContext, 'stores' | 'secret' | 'now'> {
  /** Whether every proof must contain a nonce of this server. */
  readonly requireNonce: boolean
}

/**
 * Checks the DPoP proof of a request: created for this request, just now, by the key that it contains, and not used before.
 *
 * @returns undefined for a request without a proof
 * @throws OAuthError `invalid_dpop_proof`, or `use_dpop_nonce` with a nonce to use. @see RFC 9449, section 4.3
 */
export async function checkDpopProof(request: Request, target: ProofTarget, server: DpopServer): Promise<Proof | undefined> {
  const proof = request.headers.get('dpop')
  if (proof === null) return undefined
  const verified = await verifyProof(proof, server)
  const { payload, protectedHeader } = verified
  if (payload['htm'] !== request.method) throw invalidProof('"htm" is not the method of the request')
  if (!isSameTarget(payload['htu'], target.url)) throw invalidProof('"htu" is not the URL of the request')
  if (typeof payload.jti !== 'string' || payload.jti === '') throw invalidProof('"jti" must be text')
  checkAge(verified, server)
  await checkHash(payload['ath'], target.accessToken)
  await checkNonce(payload['nonce'], server)
  const { jwk } = protectedHeader
  if (!jwk || 'd' in jwk) throw invalidProof('the header must contain a public key')
  const thumbprint = await thumbprintOf(jwk)
  const key = `dpop:${await digest(`${thumbprint} ${payload.jti}`)}`
  const { state } = server.stores
  if ((await state.get(key)) !== undefined) throw used()
  // Longer than the proof is accepted, also by processes whose clocks are slower.
  const until = ((payload.iat ?? 0) + 2 * WINDOW) * 1000
  const use = async (): Promise<void> => {
    if (!(await state.add(key, 1, until))) throw used()
  }
  return { thumbprint, use }
}

function used(): OAuthError {
  return invalidProof('the proof was used before')
}

async function verifyProof(proof: string, server: DpopServer): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(proof, importProofKey, {
      typ: 'dpop+jwt',
      algorithms: [...DPOP_ALGORITHMS],
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      currentDate: new Date(server.now()),
    })
  } catch (cause) {
    throw invalidProof('it is not a JWT of type dpop+jwt that its own key has signed', cause)
  }
}

function checkAge({ payload }: JWTVerifyResult, server: DpopServer): void {
  if (Math.abs(server.now() / 1000 - (payload.iat ?? 0)) > WINDOW) throw invalidProof('"iat" is not within a minute of now')
}

/** Compares parsed URLs, so that case, default ports and dot segments do not matter (RFC 9449, section 4.3, item 9). */
function isSameTarget(htu: unknown, url: string): boolean {
  const actual = typeof htu === 'string' ? parseUrl(htu) : undefined
  if (!actual) return false
  const expected = new URL(url)
  return actual.origin === expected.origin && actual.pathname === expected.pathname && actual.search === '' && actual.hash === ''
}

async function checkHash(ath: unknown, accessToken: string | undefined): Promise<void> {
  if (accessToken === undefined) return
  const isMatch = typeof ath === 'string' && (await isSameSecret(ath, await digest(accessToken)))
  if (!isMatch) throw invalidProof('"ath" is not the hash of the access token')
}

async function checkNonce(nonce: unknown, server: DpopServer): Promise<void> {
  if (nonce === undefined && !server.requireNonce) return
  if (typeof nonce === 'string' && (await isDpopNonce(nonce, server))) return
  const headers = { 'dpop-nonce': await createDpopNonce(server) }
  throw new OAuthError('use_dpop_nonce', 'the DPoP proof must have the nonce in the DPoP-Nonce header', { headers })
}

function invalidProof(reason: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_dpop_proof', `the DPoP proof is not valid: ${reason}`, { cause })
}
