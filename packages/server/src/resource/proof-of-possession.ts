/** What a proof must have been made for. */
export interface ProofTarget {
  /** The URL of the request, without query and fragment. */
  readonly url: string
  /** At a protected resource: the access token that the proof accompanies. */
  readonly accessToken?: string | undefined
}

/** Checks that the sender of a request holds a key. Provided by the feature `dpop()`. @see RFC 9449 */
export interface ProofOfPossession {
  /** Algorithms that proofs may be signed with. */
  readonly algorithms: readonly string[]
  /** Returns the thumbprint of the key; undefined for a request without a proof. Throws OAuthError for an invalid proof. */
  check(request: Request, target: ProofTarget): Promise<string | undefined>
}

/** For servers without the feature: no request has a proof. */
export const NO_PROOF_OF_POSSESSION: ProofOfPossession = { algorithms: [], check: () => Promise.resolve(undefined) }
