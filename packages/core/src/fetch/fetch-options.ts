/** A place access tokens may be sent to. */
export interface Resource {
  /** URL prefix on a path boundary: `https://api.example.com/v1` allows `/v1` and `/v1/…`, not `/v10`. */
  readonly url: string
  /** Resource indicator to request a separate token for (RFC 8707). */
  readonly resource?: string | undefined
  /** For a separate token with this scope, which is narrower than the session's. */
  readonly scope?: string | readonly string[] | undefined
  /** Where the token is in the request. Default `header`. @see RFC 6750, sections 2.1 to 2.3 */
  readonly tokenPlacement?: 'header' | 'body' | 'query' | undefined
}

/** Added to `fetch`'s own `init`. */
export interface AuthedRequestInit extends RequestInit {
  /** Send a plain request. */
  readonly withholdToken?: boolean | undefined
  /** Resource indicator (RFC 8707). Default: that of the matching entry in `resources`. */
  readonly resource?: string | undefined
}

/** Options of one UserInfo request. */
export interface UserInfoOptions {
  readonly signal?: AbortSignal | undefined
}
