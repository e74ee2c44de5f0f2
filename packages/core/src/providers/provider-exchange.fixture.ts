import type { Preset } from '../providers.js'

/** What a provider really sends: one exchange, written down from the sources. */
export interface ProviderExchange {
  readonly name: string
  readonly preset: Preset
  /** At least two public sources of this exchange. */
  readonly sources: readonly [string, string, ...string[]]
  /** Of the authorization response, besides `code` and `state`. */
  readonly response?: Readonly<Record<string, string>>
  /** The discovery document is at this URL, with this issuer. */
  readonly discovery?: { readonly url: string; readonly issuer: string; readonly more?: object }
  /** Claims of the ID token, besides `sub`, `exp`, `iat` and `nonce`. A refresh has `refreshedClaims` as well. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly refreshedClaims?: Readonly<Record<string, unknown>>
  /** Some providers do not put the requested nonce into the ID token. */
  readonly withoutNonce?: boolean
  /** Body of the token response: an object is JSON, text is form-encoded. `ID_TOKEN` stands for the ID token. */
  readonly token: object | string
  readonly refreshed?: object | string
  /** How the provider refuses a dead refresh token. */
  readonly refusal?: { readonly status: number; readonly body: object | string }
  readonly userInfo?: object
  /** What the app sees. */
  readonly expected: {
    readonly scope?: string
    readonly accessToken?: string
    readonly userInfo?: object
    /** Parameters of the authorization request. */
    readonly request?: Readonly<Record<string, string | null>>
    /** The URL of the sign-out without `id_token_hint` and `state`. Default: the provider has none, see `noSignOut`. */
    readonly signOut?: string
  }
  /** Why there is no URL of a sign-out, and who says so. */
  readonly noSignOut?: { readonly why: string; readonly source: string }
}

export const invalidGrant = { status: 400, body: { error: 'invalid_grant', error_description: 'Token is expired or revoked' } }
export const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
export const APP = 'https://app.example/'
export const end = (endpoint: string): { readonly end_session_endpoint: string } => ({ end_session_endpoint: endpoint })
export const rpLogout = (endpoint: string): string =>
  `${endpoint}?post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&client_id=client-1`
export const openIdToken = {
  access_token: 'at-1',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'rt-1',
  id_token: 'ID_TOKEN',
}
export const openIdRefreshed = { ...openIdToken, access_token: 'at-2', refresh_token: 'rt-2' }
