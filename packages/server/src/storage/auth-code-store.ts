import type { AuthorizationDetails } from '../features/rar/authorization-details.js'
import type { AtomicStore } from './atomic-store.js'

/** What was granted when a code was issued. `code` is the digest of the code. @see RFC 6749, section 4.1.2 */
export interface AuthorizationCodeRecord {
  readonly code: string
  readonly clientId: string
  /** As it stood in the authorization request; undefined when it stood not there. */
  readonly redirectUri: string | undefined
  readonly scope: readonly string[]
  /** As the client asked for it. */
  readonly requestedScope?: string
  readonly userId: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** What the site adapter wants kept. */
  readonly data: Readonly<Record<string, unknown>>
  /** All tokens that come of this code are revoked together under this name. */
  readonly grantId: string
  readonly sid?: string
  readonly codeChallenge?: string
  readonly codeChallengeMethod?: string
  readonly nonce?: string
  /** Seconds since the epoch. */
  readonly authTime?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly resources?: readonly string[]
  readonly authorizationDetails?: readonly AuthorizationDetails[]
  /** The `claims` parameter of the request, as it was sent. */
  readonly claims?: string
  /** Thumbprint of the DPoP key that the code is bound to (RFC 9449, section 10). */
  readonly dpopJkt?: string
}

/** `replayed` is what a code was worth that has been taken before: its tokens must be revoked. */
export type TakenCode =
  | { readonly outcome: 'taken'; readonly record: AuthorizationCodeRecord }
  | { readonly outcome: 'replayed'; readonly record: AuthorizationCodeRecord }
  | { readonly outcome: 'unknown' }

/** Where authorization codes live for a minute. */
export interface AuthCodeStore {
  saveCode(record: AuthorizationCodeRecord): Promise<void>
  /** Takes a code in one step: of all calls with one code, in all processes, one gets `taken`. */
  takeCode(code: string): Promise<TakenCode>
}

/** Milliseconds for which a used code is remembered beyond its expiry, so that a replay is still known for what it is. */
const REMEMBER_USED = 600_000

/** @returns a store of codes over any key-value store */
export function authCodeStore(store: AtomicStore): AuthCodeStore {
  return {
    saveCode: (record) => store.set(`code:${record.code}`, record, record.expiresAt + REMEMBER_USED),
    async takeCode(code) {
      const record = await store.get<AuthorizationCodeRecord>(`code:${code}`)
      if (!record) return { outcome: 'unknown' }
      const isFirst = await store.add(`code-used:${code}`, 1, record.expiresAt + REMEMBER_USED)
      return { outcome: isFirst ? 'taken' : 'replayed', record }
    },
  }
}
