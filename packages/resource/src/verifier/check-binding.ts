import { decodeJwt } from 'jose'
import { createDpopNonce, isDpopNonce } from '../dpop/dpop-nonce.js'
import type { ReplayStore } from '../dpop/replay-store.js'
import { ProofError, verifyProof, type VerifiedProof } from '../dpop/verify-proof.js'
import type { PresentedToken } from '../http/find-token.js'
import { quote, ResourceError } from '../http/resource-error.js'
import type { TokenClaims } from '../issuers/token-claims.js'
import { invalid } from '../issuers/verify-jwt.js'
import { knownUrls, type KnownAddress } from './known-url.js'

/** How a verifier checks proofs. */
export interface BindingContext extends KnownAddress {
  /** Whether proofs are accepted at all. */
  readonly isSupported: boolean
  readonly isRequired: boolean
  readonly nonceSecret: Uint8Array | undefined
  readonly replayStore: ReplayStore
  readonly now: () => number
}

/** A request with its token. */
export interface BoundRequest {
  readonly request: Request
  readonly presented: PresentedToken
  readonly claims: TokenClaims
}

/**
 * Checks that the sender holds the key of a bound token, and that no other request has used the proof. Resolves with the thumbprint;
 * undefined for a bearer token. @see RFC 9449, sections 7.1 and 7.2; RFC 7800, section 3.1
 */
export async function checkBinding(bound: BoundRequest, context: BindingContext): Promise<string | undefined> {
  const { presented, claims } = bound
  const jkt = thumbprintIn(claims)
  if (jkt === undefined && presented.scheme === 'dpop')
    throw invalid('it is not bound to a key, but the scheme is "DPoP"', 'The client must send it as "Bearer".')
  if (jkt === undefined && context.isRequired)
    throw invalid('it is not bound to a key, which this API requires', 'The client must request its token with DPoP (RFC 9449).')
  if (jkt === undefined) return undefined
  if (!context.isSupported)
    throw invalid('it is bound to a key, and this API does not check proofs', 'Remove "dpop: false" from createTokenVerifier.')
  if (presented.scheme !== 'dpop')
    throw invalid('it is bound to a key, so the scheme must be "DPoP"', 'Without a proof, a stolen token would be accepted.')
  const proof = await proofOf(bound, context)
  if (proof.thumbprint !== jkt) throw invalidProof('another key than that of the access token has signed it')
  await checkNonce(proof.nonce, context)
  if (!(await isUnused(proof, context))) throw invalidProof('it was used before')
  return jkt
}

/** Returns the thumbprint in `cnf`. A token that is bound in another way cannot be checked, so it is refused. */
function thumbprintIn({ cnf }: TokenClaims): string | undefined {
  if (cnf === undefined || cnf === null) return undefined
  const jkt: unknown = typeof cnf === 'object' ? Reflect.get(cnf, 'jkt') : undefined
  if (typeof jkt === 'string') return jkt
  throw invalid('it is bound to a key in a way that this API does not check ("cnf" without "jkt")')
}

async function proofOf({ request, presented }: BoundRequest, context: BindingContext): Promise<VerifiedProof> {
  const proof = request.headers.get('dpop')
  if (proof === null) throw invalidProof('the request has none', NO_PROOF_HINT)
  const urls = knownUrls(request, context)
  try {
    return await verifyProof(proof, { method: request.method, url: urls, accessToken: presented.token, now: context.now() })
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    const address = `The proof must be for ${request.method} ${urls.join(' or ')}; ${receivedTarget(proof)}. Behind a proxy, set "resource" or "origin" of createTokenVerifier to the origin at which clients reach the API, and have the proxy keep the path.`
    const hint = error.message.startsWith('"iat"') ? 'Compare the clocks of this machine and of the client.' : address
    throw new ResourceError('invalid_dpop_proof', `the DPoP proof is not valid: ${error.message}`, { cause: error, hint })
  }
}

const NO_PROOF_HINT = 'The client must send one in the header "DPoP". A proxy or gateway in front of the API must forward it.'

/** What a refused proof was made for, without its query: a client may have written a token there. */
function receivedTarget(proof: string): string {
  try {
    const { htm, htu } = decodeJwt(proof)
    return `it is for ${quote(htm)} ${typeof htu === 'string' ? quote(htu.replace(/[?#].*$/s, '')) : 'no URL'}`
  } catch {
    return 'it is no signed JWT'
  }
}

const NONCE_HINT =
  'The client sends the request again with the nonce. If a page does not, expose the headers DPoP-Nonce and WWW-Authenticate to it by CORS.'

async function checkNonce(nonce: unknown, { nonceSecret: secret, now }: BindingContext): Promise<void> {
  if (!secret) return
  if (typeof nonce === 'string' && (await isDpopNonce(nonce, { secret, now }))) return
  const headers = { 'dpop-nonce': await createDpopNonce({ secret, now }) }
  throw new ResourceError('use_dpop_nonce', 'the DPoP proof must have the nonce in the DPoP-Nonce header', {
    headers,
    hint: NONCE_HINT,
  })
}

async function isUnused({ id, until }: VerifiedProof, { replayStore }: BindingContext): Promise<boolean> {
  try {
    return await replayStore.add(`dpop:${id}`, 1, until)
  } catch (cause) {
    const hint = 'Check the store of "dpop.replayStore". The reason is in "cause".'
    throw new ResourceError('temporarily_unavailable', 'the DPoP proof could not be checked', {
      cause,
      hint,
      headers: { 'retry-after': '5' },
    })
  }
}

function invalidProof(reason: string, hint?: string): ResourceError {
  return new ResourceError('invalid_dpop_proof', `the DPoP proof is not valid: ${reason}`, { hint })
}
