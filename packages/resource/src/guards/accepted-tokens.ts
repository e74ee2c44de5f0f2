import type { VerifiedToken } from '../verifier/verified-token.js'
import type { TokenVerifier } from '../verifier/create-token-verifier.js'

/** The tokens that guards have accepted, by verifier and by the framework's object of the request. */
const accepted = new WeakMap<object, WeakMap<object, VerifiedToken<never>>>()

/** Keeps a token for the handlers behind the guard. */
export function keepToken<Claims extends object>(verifier: object, request: object, token: VerifiedToken<Claims>): void {
  const ofVerifier = accepted.get(verifier) ?? new WeakMap<object, VerifiedToken<never>>()
  accepted.set(verifier, ofVerifier)
  ofVerifier.set(request, token as unknown as VerifiedToken<never>)
}

/**
 * Returns the token that a guard of the verifier has accepted with this request of Node, Express or Fastify. Throws a TypeError without a
 * guard.
 */
export function tokenOf<Claims extends object>(verifier: TokenVerifier<Claims>, request: object): VerifiedToken<Claims> {
  // Fastify has Node's request in `raw`.
  const key: unknown = 'raw' in request ? request.raw : request
  const token = typeof key === 'object' && key !== null ? accepted.get(verifier)?.get(key) : undefined
  if (token) return token
  throw new TypeError('tokenOf: no guard of this verifier has accepted the request. Put the guard in front of this handler')
}
