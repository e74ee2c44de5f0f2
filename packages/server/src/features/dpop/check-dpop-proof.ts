import { createDpopNonce, isDpopNonce, ProofError, verifyProof, type VerifiedProof } from '@latchkey/resource/internals'
import { OAuthError } from '../../http/oauth-error.js'
import type { ServerContext } from '../../options/server-context.js'
import type { Proof, ProofTarget } from '../../resource/proof-of-possession.js'
import { digest } from '../../storage/digest.js'

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
  const { id, thumbprint, nonce, until } = await verify(proof, { request, target, server })
  await checkNonce(nonce, server)
  const key = `dpop:${id}`
  const { state } = server.stores
  if ((await state.get(key)) !== undefined) throw used()
  const use = async (): Promise<void> => {
    if (!(await state.add(key, 1, until))) throw used()
  }
  return { thumbprint, use }
}

interface Check {
  readonly request: Request
  readonly target: ProofTarget
  readonly server: DpopServer
}

async function verify(proof: string, { request, target, server }: Check): Promise<VerifiedProof> {
  try {
    return await verifyProof(proof, { ...target, method: request.method, now: server.now(), hash: digest })
  } catch (error) {
    throw error instanceof ProofError ? invalidProof(error.message, error) : error
  }
}

function used(): OAuthError {
  return invalidProof('the proof was used before')
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
