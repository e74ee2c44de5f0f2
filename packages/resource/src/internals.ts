// For packages of this workspace that check DPoP proofs too. Apps do not import it: it changes without notice.

export { cachedForm } from './http/cached-form.js'
export { findToken, tokenInHeader } from './http/find-token.js'
export { createDpopNonce, isDpopNonce } from './dpop/dpop-nonce.js'
export { isSlowKey } from './dpop/is-slow-key.js'
export { importProofKey } from './dpop/proof-keys.js'
export { DPOP_ALGORITHMS, ProofError, verifyProof } from './dpop/verify-proof.js'
export { isRecord } from './http/is-record.js'
export { isLoopbackUrl } from './http/loopback.js'
export { isUrlText, parseUrl, toUrl } from './http/parse-url.js'
export type { ProofExpectations, VerifiedProof } from './dpop/verify-proof.js'
export type { PresentedToken, TokenPlace, TokenReader, TokenSource } from './http/find-token.js'
