import type { TokenSet } from '@latchkey/core'

/** An identifier with its shared secret: temporary credentials or token credentials. @see RFC 5849, section 1.1 */
export interface Credentials {
  /** `oauth_token`. */
  readonly token: string
  /** `oauth_token_secret`. Empty for servers that sign with RSA alone. */
  readonly tokenSecret: string
}

/** Credentials as the provider sent them. */
export interface ReceivedCredentials extends Credentials {
  /** Every member of the response, such as `oauth_callback_confirmed` or `screen_name`. */
  readonly response: Readonly<Record<string, string>>
}

/** @returns the credentials of a session */
export function credentialsOf(tokenSet: TokenSet | undefined): Credentials | undefined {
  return tokenSet && { token: tokenSet.accessToken, tokenSecret: tokenSet.response['oauth_token_secret'] as string }
}
