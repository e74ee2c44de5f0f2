/** Temporary credentials. @see RFC 5849, section 2.1 */
export interface TemporaryCredential {
  /** `oauth_token`. */
  readonly token: string
  /** `oauth_token_secret`. */
  readonly tokenSecret: string
  /** The client that requested them, the only one that may use them. */
  readonly clientId: string
  /** `oauth_callback`: an absolute URL, or `oob`. */
  readonly callback: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Set once a user has allowed the access. */
  readonly verifier?: string | undefined
  /** The user who has allowed the access. */
  readonly userId?: string | undefined
}

/** Token credentials. They do not expire. @see RFC 5849, section 2.3 */
export interface TokenCredential {
  /** `oauth_token`. */
  readonly token: string
  /** `oauth_token_secret`. */
  readonly tokenSecret: string
  readonly clientId: string
  readonly userId: string
}

/** One use of a nonce. @see RFC 5849, section 3.3 */
export interface NonceUse {
  readonly nonce: string
  /** Seconds since the epoch, as the client sent it. */
  readonly timestamp: number
  readonly clientId: string
  /** `oauth_token`; undefined in a request without one. */
  readonly token: string | undefined
  /** Milliseconds since the epoch: as long as the timestamp is accepted. */
  readonly expiresAt: number
}

/** What the user has decided. */
export interface VerifierGrant {
  readonly userId: string
  /** `oauth_verifier`. */
  readonly verifier: string
}

type Maybe<Value> = Value | Promise<Value>

/**
 * Where credentials and nonces are kept. Each function may be replaced by one of the host, such as over tables of its own. Those that
 * decide who is first must be atomic across all processes.
 */
export interface OAuth1Hooks {
  /** Remembers the nonce. Returns true if it was used before. Atomic. */
  existsNonce(use: NonceUse): Maybe<boolean>
  createTemporaryCredential(credential: TemporaryCredential): Maybe<void>
  getTemporaryCredential(token: string): Maybe<TemporaryCredential | undefined>
  /** Returns true for exactly one of any number of concurrent calls. Atomic. */
  deleteTemporaryCredential(credential: TemporaryCredential): Maybe<boolean>
  /** Stores user and verifier. Returns false if a user has decided before. Atomic. */
  createAuthorizationVerifier(credential: TemporaryCredential, grant: VerifierGrant): Maybe<boolean>
  createTokenCredential(credential: TokenCredential): Maybe<void>
  getTokenCredential(clientId: string, token: string): Maybe<TokenCredential | undefined>
  deleteTokenCredential(clientId: string, token: string): Maybe<void>
}

/** Throws a TypeError for a hook that decides nothing: without this, each use would be the first one, or none. */
export function asBoolean(name: keyof OAuth1Hooks, result: unknown): boolean {
  if (typeof result === 'boolean') return result
  throw new TypeError(`oauth1: the hook "${name}" must return true or false, not ${typeof result}`)
}
