import type { AuthorizationDetails } from '../features/rar/authorization-details.js'
import type { AtomicStore } from './atomic-store.js'

/** What access and refresh tokens have in common. */
export interface TokenRecord {
  /** Digest of the token. */
  readonly token: string
  readonly clientId: string
  readonly grantType: string
  readonly scope: readonly string[]
  /** Undefined where no person is involved (client credentials). */
  readonly userId?: string
  /** What the site adapter wants kept. JSON-safe. */
  readonly data: Readonly<Record<string, unknown>>
  /** Milliseconds since the epoch; undefined: never. */
  readonly expiresAt?: number
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** The token dies with any of these: the grant it comes of, and the session where it is bound to one. */
  readonly families: readonly string[]
  readonly sid?: string
  readonly resources?: readonly string[]
  /** What the token is good for beside its scope. @see RFC 9396, section 9 */
  readonly authorizationDetails?: readonly AuthorizationDetails[]
  /** Thumbprint of the DPoP key that the token is bound to (RFC 9449, section 6). */
  readonly dpopJkt?: string
  /** The `claims` parameter of the authorization request. */
  readonly claims?: string
  /** Seconds since the epoch. */
  readonly authTime?: number
  readonly acr?: string
  readonly amr?: readonly string[]
}

export interface AccessTokenRecord extends TokenRecord {
  /** Digest of the refresh token that was issued with it. */
  readonly refreshToken?: string
}

export interface RefreshTokenRecord extends TokenRecord {
  /** Milliseconds since the epoch; filled in when the token has been used and rotated. */
  readonly usedAt?: number
  /** Digest of the refresh token that this one came in place of. */
  readonly renews?: string
  readonly nonce?: string
}

/** Where tokens are kept, by digest. Times are milliseconds since the epoch. */
export interface AccessTokenStore {
  saveToken(record: AccessTokenRecord): Promise<void>
  /** @returns the record, unless it expired or was revoked, alone or with its family */
  findByToken(token: string): Promise<AccessTokenRecord | undefined>
  deleteToken(token: string): Promise<void>
  saveRefreshToken(record: RefreshTokenRecord): Promise<void>
  /** @returns the record, used or not, unless it expired or was revoked, alone or with its family */
  findByRefreshToken(token: string): Promise<RefreshTokenRecord | undefined>
  deleteRefreshToken(token: string): Promise<void>
  /**
   * Marks a refresh token as used, in one step between all processes.
   *
   * @returns undefined for the first call; later ones get the time of the first use
   */
  useRefreshToken(record: RefreshTokenRecord, now: number): Promise<{ readonly usedAt: number } | undefined>
  /** Ends all tokens of a family, those included that are being issued at this moment. */
  revokeFamily(family: string, expiresAt?: number): Promise<void>
}

/** @returns a store of tokens over any key-value store */
export function accessTokenStore(store: AtomicStore): AccessTokenStore {
  const isRevoked = async (record: TokenRecord): Promise<boolean> => {
    const tombs = await Promise.all(record.families.map((family) => store.get(`revoked:${family}`)))
    return tombs.some((tomb) => tomb !== undefined)
  }
  const find = async <Found extends TokenRecord>(key: string): Promise<Found | undefined> => {
    const record = await store.get<Found>(key)
    return record && !(await isRevoked(record)) ? record : undefined
  }
  return {
    saveToken: (record) => store.set(`token:${record.token}`, record, record.expiresAt),
    findByToken: (token) => find<AccessTokenRecord>(`token:${token}`),
    deleteToken: (token) => store.delete(`token:${token}`),
    saveRefreshToken: (record) => store.set(`refresh:${record.token}`, record, record.expiresAt),
    async findByRefreshToken(token) {
      const record = await find<RefreshTokenRecord>(`refresh:${token}`)
      const used = record && (await store.get<{ usedAt: number }>(`refresh-used:${token}`))
      return used ? { ...record, usedAt: used.usedAt } : record
    },
    deleteRefreshToken: (token) => store.delete(`refresh:${token}`),
    async useRefreshToken(record, now) {
      if (await store.add(`refresh-used:${record.token}`, { usedAt: now }, record.expiresAt)) return undefined
      return (await store.get<{ usedAt: number }>(`refresh-used:${record.token}`)) ?? { usedAt: now }
    },
    // A tombstone, not a deletion: tokens that a request in flight saves a moment later are dead as well.
    revokeFamily: (family, expiresAt) => store.set(`revoked:${family}`, 1, expiresAt),
  }
}
