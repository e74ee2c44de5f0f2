import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTVerifyResult } from 'jose'
import { OAuthError } from '../../http/oauth-error.js'
import type { ServerParts } from '../../options/server-parts.js'
import { digest, isSameSecret } from '../../storage/digest.js'
import { createDpopNonce, isDpopNonce } from './dpop-nonce.js'

/** Algorithms a proof may be signed with: asymmetric ones only. @see RFC 9449, section 4.2 */
export const DPOP_ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'RS256', 'PS256']

/** Seconds around now in which a proof must have been made. */
const WINDOW = 60

/** How the server treats DPoP. */
export interface DpopOptions {
  /** Demand a nonce of the server's in every proof (RFC 9449, section 8). Default false. */
  readonly requireNonce?: boolean
}

/** What a proof must be for. */
export interface DpopDemands {
  /** The URL that the request went to, without query and fragment. */
  readonly url: string
  /** At a protected resource: the token that the proof goes with. */
  readonly accessToken?: string
}

/**
 * Checks the DPoP proof of a request: made for it, just now, by a key that it carries, not seen before.
 *
 * @returns the thumbprint of the key; undefined for a request without a proof
 * @throws OAuthError `invalid_dpop_proof`, or `use_dpop_nonce` with a nonce to use. @see RFC 9449, section 4.3
 */
export async function checkDpopProof(request: Request, demands: DpopDemands, server: ServerParts): Promise<string | undefined> {
  const proof = request.headers.get('dpop')
  if (proof === null) return undefined
  const verified = await verifyProof(proof, server)
  const { payload, protectedHeader } = verified
  if (payload['htm'] !== request.method) throw refused('"htm" is not the method of the request')
  if (!isSameTarget(payload['htu'], demands.url)) throw refused('"htu" is not the URL of the request')
  checkAge(verified, server)
  await checkHash(payload['ath'], demands.accessToken)
  await checkNonce(payload['nonce'], server)
  const { jwk } = protectedHeader
  if (!jwk || 'd' in jwk) throw refused('the header must carry a public key')
  const thumbprint = await calculateJwkThumbprint(jwk)
  const isNew = await server.stores.state.add(
    `dpop:${await digest(`${thumbprint} ${payload.jti}`)}`,
    1,
    server.now() + 2 * WINDOW * 1000,
  )
  if (!isNew) throw refused('the proof was used before')
  return thumbprint
}

async function verifyProof(proof: string, server: ServerParts): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...DPOP_ALGORITHMS],
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      currentDate: new Date(server.now()),
    })
  } catch (cause) {
    throw refused('it is not a JWT of type dpop+jwt that its own key has signed', cause)
  }
}

function checkAge({ payload }: JWTVerifyResult, server: ServerParts): void {
  if (Math.abs(server.now() / 1000 - (payload.iat ?? 0)) > WINDOW) throw refused('"iat" is not within a minute of now')
}

/** Compared after the parser has settled case, default ports and dots (RFC 9449, section 4.3, item 9). */
function isSameTarget(htu: unknown, url: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const [given, expected] = [new URL(htu), new URL(url)]
  return given.origin === expected.origin && given.pathname === expected.pathname && given.search === '' && given.hash === ''
}

async function checkHash(ath: unknown, accessToken: string | undefined): Promise<void> {
  if (accessToken === undefined) return
  const isRight = typeof ath === 'string' && (await isSameSecret(ath, await digest(accessToken)))
  if (!isRight) throw refused('"ath" is not the hash of the access token')
}

async function checkNonce(nonce: unknown, server: ServerParts): Promise<void> {
  if (nonce === undefined && !server.dpop.requireNonce) return
  if (typeof nonce === 'string' && (await isDpopNonce(nonce, server))) return
  const headers = { 'dpop-nonce': await createDpopNonce(server) }
  throw new OAuthError('use_dpop_nonce', 'the DPoP proof must have the nonce in the DPoP-Nonce header', { headers })
}

function refused(why: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_dpop_proof', `the DPoP proof is not valid: ${why}`, { cause })
}
