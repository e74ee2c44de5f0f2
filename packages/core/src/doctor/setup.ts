import type { ServerOverrides } from '../protocol/server-metadata.js'

/** The set-up that is diagnosed: an authorization server, and as much of the app and its registration as is known. */
export interface Setup {
  /** Issuer URL. */
  readonly issuer?: string | undefined
  /** As the option of `createOAuthClient()`. */
  readonly metadataUrl?: string | undefined
  /** As the option of `createOAuthClient()`. */
  readonly server?: ServerOverrides | undefined
  /** The client id that the server gave the app. Without it, nothing is known of the registration. */
  readonly clientId?: string | undefined
  /** Where the authorization response goes. Default: the origin and `/`. */
  readonly redirectUri?: string | undefined
  /** The origin of the app, which sends the requests. Default: that of the redirect URI. */
  readonly origin?: string | undefined
  /** Space-separated, or a list. Default `openid profile email`. */
  readonly scope?: string | readonly string[] | undefined
  /** Default `code`. */
  readonly responseType?: string | undefined
  /** Default RS256. */
  readonly idTokenSignedResponseAlg?: string | undefined
  /** Seconds that clocks may differ. Default 30. */
  readonly clockTolerance?: number | undefined
  /** How the app goes to the authorization server. Default `redirect`. */
  readonly transport?: 'redirect' | 'popup' | 'iframe' | undefined
}

/** The current session, if there is one. */
export interface KnownSession {
  readonly hasRefreshToken: boolean
  /** `alg` and `kid` of the ID token. */
  readonly idTokenHeader?: { readonly alg?: unknown; readonly kid?: unknown } | undefined
}
