import type { AuthorizationDetails } from './authorization-details.js'
import type { AtomicStore } from './atomic-store.js'

/** An authorization code as it is stored. @see RFC 6749, section 4.1.2 */
export interface AuthorizationCodeRecord {
  /** Digest of the code. */
  readonly code: string
  /** The client that it was issued to. */
  readonly clientId: string
  /** As in the authorization request; undefined if the request had none. */
  readonly redirectUri: string | undefined
  /** The granted scope. */
  readonly scope: readonly string[]
  /** As the client requested it. */
  readonly requestedScope?: string | undefined
  /** The user who granted it. */
  readonly userId: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** What the site adapter wants stored. JSON-safe. */
  readonly data: Readonly<Record<string, unknown>>
  /** Revoking it revokes all tokens that were issued for this code. */
  readonly grantId: string
  /** The session that it was granted in. */
  readonly sid?: string | undefined
  /** @see RFC 7636, section 4.3 */
  readonly codeChallenge?: string | undefined
  /** `S256` or `plain`. */
  readonly codeChallengeMethod?: string | undefined
  /** The `nonce` of the request. */
  readonly nonce?: string | undefined
  /** Seconds since the epoch. */
  readonly authTime?: number | undefined
  /** The authentication context class of the sign-in. */
  readonly acr?: string | undefined
  /** The methods of the sign-in. */
  readonly amr?: readonly string[] | undefined
  /** The requested resources. @see RFC 8707 */
  readonly resources?: readonly string[] | undefined
  /** The granted details. @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
  /** The `claims` parameter of the request, as it was sent. */
  readonly claims?: string | undefined
  /** Thumbprint of the DPoP key that the code is bound to (RFC 9449, section 10). */
  readonly dpopJkt?: string | undefined
}

/** The result of taking a code. `replayed`: it was taken before, and its tokens must be revoked. */
export type TakenCode =
  | { readonly outcome: 'taken'; readonly record: AuthorizationCodeRecord }
  | { readonly outcome: 'replayed'; readonly record: AuthorizationCodeRecord }
  | { readonly outcome: 'unknown' }

/** Stores authorization codes, which are valid for a minute. */
export interface AuthCodeStore {
  /** Stores a code until it expires. */
  saveCode(record: AuthorizationCodeRecord): Promise<void>
  /**
   * Takes a code atomically: of all calls with one code, in all processes, one gets `taken`. A code that was taken is remembered a while
   * longer, to detect its reuse.
   *
   * @param onFound called with the record once it is read, if the code is not known as taken yet: what it starts runs while the code is
   * taken. A store need not call it
   */
  takeCode(code: string, onFound?: (record: AuthorizationCodeRecord) => void): Promise<TakenCode>
}

/** Milliseconds after its expiry that a code which was taken is remembered, so that its reuse can be detected. */
const EXPIRED_RETENTION_MS = 600_000

/** Creates a code store over any key-value store. */
export function authCodeStore(store: AtomicStore): AuthCodeStore {
  return {
    saveCode: (record) => store.set(`code:${record.code}`, record, record.expiresAt),
    async takeCode(code, onFound) {
      const record = await store.get<AuthorizationCodeRecord>(`code:${code}`)
      if (!record) {
        const used = await store.get<AuthorizationCodeRecord>(`code-used:${code}`)
        return used ? { outcome: 'replayed', record: used } : { outcome: 'unknown' }
      }
      onFound?.(record)
      const isFirst = await store.add(`code-used:${code}`, record, record.expiresAt + EXPIRED_RETENTION_MS)
      return { outcome: isFirst ? 'taken' : 'replayed', record }
    },
  }
}
