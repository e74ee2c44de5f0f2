/** What a proof must have been made for. */
export interface ProofTarget {
  /** The URL of the request, without query and fragment. */
  readonly url: string
  /** At a protected resource: the access token that the proof accompanies. */
  readonly accessToken?: string | undefined
}

/** A proof that is valid, and was not used before. */
export interface Proof {
  /** The thumbprint of the key. */
  readonly thumbprint: string
  /**
   * Notes that the proof has been used; called once the request is accepted otherwise, so that strangers store nothing.
   *
   * @throws OAuthError if another request has used the proof meanwhile
   */
  use(): Promise<void>
}

/** Checks that the sender of a request holds a key. Provided by the feature `dpop()`. @see RFC 9449 */
export interface ProofOfPossession {
  /** Algorithms that proofs may be signed with. */
  readonly algorithms: readonly string[]
  /** Returns the proof of a request; undefined if it has none. Throws OAuthError for one that is invalid or was used. */
  check(request: Request, target: ProofTarget): Promise<Proof | undefined>
}

/** For servers without the feature: no request has a proof. */
export const NO_PROOF_OF_POSSESSION: ProofOfPossession = { algorithms: [], check: () => Promise.resolve(undefined) }
