/** A postal address. @see OpenID Connect Core 1.0, section 5.1.1 */
export interface AddressClaim {
  readonly formatted?: string
  readonly street_address?: string
  readonly locality?: string
  readonly region?: string
  readonly postal_code?: string
  readonly country?: string
}

/**
 * The standard claims about the End-User, by their own names. `sub` is there whenever an ID token or a UserInfo
 * response is; a plain OAuth 2 sign-in (no `openid` in the scope) has none.
 *
 * @see OpenID Connect Core 1.0, section 5.1
 */
export interface UserClaims {
  readonly sub?: string
  readonly name?: string
  readonly given_name?: string
  readonly family_name?: string
  readonly middle_name?: string
  readonly nickname?: string
  readonly preferred_username?: string
  readonly profile?: string
  readonly picture?: string
  readonly website?: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly gender?: string
  readonly birthdate?: string
  readonly zoneinfo?: string
  readonly locale?: string
  readonly phone_number?: string
  readonly phone_number_verified?: boolean
  readonly address?: AddressClaim
  /** Seconds since the epoch. */
  readonly updated_at?: number
  readonly [claim: string]: unknown
}

/**
 * The claims of a checked ID token: those of the token itself and those about the End-User.
 *
 * @see OpenID Connect Core 1.0, section 2
 */
export interface IdTokenClaims extends UserClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  /** Seconds since the epoch. */
  readonly exp: number
  /** Seconds since the epoch. */
  readonly iat: number
  /** Seconds since the epoch. */
  readonly auth_time?: number
  readonly nonce?: string
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly azp?: string
  readonly sid?: string
}
