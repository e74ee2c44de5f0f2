import type { AuthorizationDetails } from './authorization-details.js'
import type { AtomicStore } from './atomic-store.js'

/** What access and refresh tokens have in common. */
export interface TokenRecord {
  /** Digest of the token. */
  readonly token: string
  /** The client that it was issued to. */
  readonly clientId: string
  /** The `grant_type` that it was issued by. */
  readonly grantType: string
  readonly scope: readonly string[]
  /** Undefined if no user is involved (client credentials). */
  readonly userId?: string | undefined
  /** What the site adapter wants stored. JSON-safe. */
  readonly data: Readonly<Record<string, unknown>>
  /** Milliseconds since the epoch; undefined: no expiry. */
  readonly expiresAt?: number | undefined
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** Revoking any of these revokes the token: its grant, and its session if it is bound to one. */
  readonly families: readonly string[]
  /** The session that it was granted in. */
  readonly sid?: string | undefined
  /** Where it is valid. @see RFC 8707 */
  readonly resources?: readonly string[] | undefined
  /** Whether the token request named the resources: then the token is not for UserInfo as well. */
  readonly isNarrowed?: boolean | undefined
  /** What it allows beside its scope. @see RFC 9396, section 9 */
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
  /** Thumbprint of the DPoP key that the token is bound to (RFC 9449, section 6). */
  readonly dpopJkt?: string | undefined
  /** The `claims` parameter of the authorization request. */
  readonly claims?: string | undefined
  /** Seconds since the epoch. */
  readonly authTime?: number | undefined
  /** The authentication context class of the sign-in. */
  readonly acr?: string | undefined
  /** The methods of the sign-in. */
  readonly amr?: readonly string[] | undefined
}

/** An access token as it is stored. */
export interface AccessTokenRecord extends TokenRecord {
  /** Digest of the refresh token that was issued with it. */
  readonly refreshToken?: string | undefined
}

/** A refresh token as it is stored. */
export interface RefreshTokenRecord extends TokenRecord {
  /** Milliseconds since the epoch; set once the token has been used and rotated. */
  readonly usedAt?: number | undefined
  /** Digest of the refresh token that this one replaced. */
  readonly renews?: string | undefined
  /** The `nonce` of the authorization request. */
  readonly nonce?: string | undefined
}

/** Stores tokens by their digests. Times are milliseconds since the epoch. */
export interface AccessTokenStore {
  /** Stores an access token until it expires. */
  saveToken(record: AccessTokenRecord): Promise<void>
  /** Returns the record, unless it expired or was revoked, alone or with its family. */
  findByToken(token: string): Promise<AccessTokenRecord | undefined>
  /** Revokes one access token. */
  deleteToken(token: string): Promise<void>
  /** Stores a refresh token until it expires. */
  saveRefreshToken(record: RefreshTokenRecord): Promise<void>
  /** Returns the record, used or not, unless it expired or was revoked, alone or with its family. */
  findByRefreshToken(token: string): Promise<RefreshTokenRecord | undefined>
  /** Revokes one refresh token. */
  deleteRefreshToken(token: string): Promise<void>
  /**
   * Marks a refresh token as used, atomically between all processes.
   *
   * @returns undefined for the first call; the time of the first use for later calls
   */
  useRefreshToken(record: RefreshTokenRecord, now: number): Promise<{ readonly usedAt: number } | undefined>
  /** Revokes all tokens of a family, including those that are being issued. */
  revokeFamily(family: string, expiresAt?: number): Promise<void>
}

/** A record as the store has it. */
type StoredToken = Omit<TokenRecord, 'token' | 'data'> & Partial<Pick<TokenRecord, 'data'>>

/** Most tokens have no data, and a server keeps many in memory. */
function filled(data: TokenRecord['data']): TokenRecord['data'] | undefined {
  return Object.keys(data).length === 0 ? undefined : data
}

/** Creates a token store over any key-value store. */
export function accessTokenStore(store: AtomicStore): AccessTokenStore {
  const isRevoked = async ({ families }: Pick<TokenRecord, 'families'>): Promise<boolean> => {
    const [only] = families
    if (families.length === 1) return (await store.get(`revoked:${only}`)) !== undefined
    const marks = await Promise.all(families.map((family) => store.get(`revoked:${family}`)))
    return marks.some((mark) => mark !== undefined)
  }
  // The digest of the token is in the key already. V8 copies an object in one step, and one without a member name by name.
  const save = (kind: string, record: TokenRecord): Promise<void> =>
    store.set(`${kind}:${record.token}`, { ...record, token: undefined, data: filled(record.data) }, record.expiresAt)
  const find = async <Found extends TokenRecord>(kind: string, token: string): Promise<Found | undefined> => {
    const record = await store.get<StoredToken>(`${kind}:${token}`)
    if (!record || (await isRevoked(record))) return undefined
    // In the order of the saved record, as `storeContract()` compares them.
    const found = { token, ...record, data: record.data ?? {} }
    // A store that copies without JSON, such as the file store of the Vite plugin, returns the undefined member.
    found.token = token
    return found as unknown as Found
  }
  return {
    saveToken: (record) => save('token', record),
    findByToken: (token) => find<AccessTokenRecord>('token', token),
    deleteToken: (token) => store.delete(`token:${token}`),
    saveRefreshToken: (record) => save('refresh', record),
    async findByRefreshToken(token) {
      const [record, used] = await Promise.all([
        find<RefreshTokenRecord>('refresh', token),
        store.get<{ usedAt: number }>(`refresh-used:${token}`),
      ])
      return record && used ? { ...record, usedAt: used.usedAt } : record
    },
    deleteRefreshToken: (token) => store.delete(`refresh:${token}`),
    async useRefreshToken(record, now) {
      if (await store.add(`refresh-used:${record.token}`, { usedAt: now }, record.expiresAt)) return undefined
      return (await store.get<{ usedAt: number }>(`refresh-used:${record.token}`)) ?? { usedAt: now }
    },
    // A mark, not a deletion: it also revokes tokens that a request in flight saves a moment later.
    revokeFamily: (family, expiresAt) => store.set(`revoked:${family}`, 1, expiresAt),
  }
}
