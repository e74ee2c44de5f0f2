import type { AuthorizationDetails } from '../storage/authorization-details.js'
import type { ClientRecord } from '../storage/client-record.js'

/** What a grant has decided to issue. */
export interface Issue {
  /** The client that gets the tokens. */
  readonly client: ClientRecord
  /** The `grant_type` that the tokens are issued by. */
  readonly grantType: string
  /** Scope of the access token. */
  readonly scope: readonly string[]
  /** Scope in the request; the response has `scope` if the granted scope differs (RFC 6749, section 5.1). */
  readonly requestedScope: string | undefined
  /** Undefined if no user is involved. */
  readonly userId?: string | undefined
  /** Data of the site adapter that is stored with the tokens. JSON-safe. */
  readonly data: Readonly<Record<string, unknown>>
  /** The id of the grant, then the id of the session if the tokens end with the session. */
  readonly families: readonly string[]
  /** Lifetime of the access token in seconds; undefined: the lifetime of the grant; `null`: no expiry, which is unsafe. */
  readonly expiresIn: number | null | undefined
  /** Whether to issue a refresh token, as far as the server's settings and the client allow it. */
  readonly withRefreshToken: boolean
  /** Issue no ID token even if the scope has `openid`. */
  readonly withoutIdToken?: boolean | undefined
  /** Scope of the refresh token if that of the access token is narrower. */
  readonly refreshScope?: readonly string[] | undefined
  /** Digest of the refresh token that these tokens were issued for. */
  readonly renews?: string | undefined
  /** The session that the user granted the request in. */
  readonly sid?: string | undefined
  /** The `nonce` of the authorization request. */
  readonly nonce?: string | undefined
  /** Seconds since the epoch. */
  readonly authTime?: number | undefined
  /** The authentication context class of the sign-in. */
  readonly acr?: string | undefined
  /** The methods of the sign-in. */
  readonly amr?: readonly string[] | undefined
  /** Where the access token is valid. @see RFC 8707 */
  readonly resources?: readonly string[] | undefined
  /** Whether the token request named the resources: then the access token is for these alone, and not for UserInfo as well. */
  readonly isNarrowed?: boolean | undefined
  /** `isNarrowed` for the tokens of later refreshes, if it differs. */
  readonly isRefreshNarrowed?: boolean | undefined
  /** Resources of the refresh token if the access token has fewer; empty: no limit. */
  readonly refreshResources?: readonly string[] | undefined
  /** Authorization details of the access token. @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
  /** Authorization details of the refresh token if the access token has fewer. */
  readonly refreshDetails?: readonly AuthorizationDetails[] | undefined
  /** The `claims` parameter of the authorization request. */
  readonly claims?: string | undefined
  /** Thumbprint of the key that the tokens are bound to. @see RFC 9449 */
  readonly dpopJkt?: string | undefined
  /** Members of the token response that only this grant has, by their wire names. */
  readonly more?: Readonly<Record<string, unknown>> | undefined
}

/** A successful token response, by its wire names. @see RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3 */
export interface TokenResponse {
  /** The access token. */
  readonly access_token: string
  /** `Bearer` or `DPoP`. */
  readonly token_type: string
  /** Seconds until the access token expires. */
  readonly expires_in?: number | undefined
  /** The refresh token. */
  readonly refresh_token?: string | undefined
  /** The granted scope, space-separated. */
  readonly scope?: string | undefined
  /** The ID token. */
  readonly id_token?: string | undefined
  readonly [member: string]: unknown
}

/** Access and refresh token, and when the access token expires (milliseconds since the epoch). */
export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly expiresAt?: number | undefined
}
