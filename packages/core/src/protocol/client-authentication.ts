/** The client, as client authentication sees it. @see RFC 7591, section 2 */
export interface ClientIdentity {
  readonly clientId: string
  readonly clientSecret?: string | undefined
  /** Seconds to add to this device's clock to get the server's, for the times in assertions. */
  readonly clockOffsetSeconds?: number | undefined
}

/**
 * Custom client authentication: receives the finished request and returns the one to send.
 *
 * @see RFC 6749, section 2.3
 */
export type ClientAuthenticationFunction = (
  request: Request,
  server: { readonly issuer: string; readonly token_endpoint?: string },
  client: ClientIdentity,
) => Request | Promise<Request>

/**
 * How the client authenticates to the authorization server: a registered name (those with a secret need `clientSecret`), or a
 * function, such as those of `@latchkey/core/client-auth`, or a name of the option `clientAuthMethods`.
 *
 * @see RFC 6749, section 2.3; RFC 7591, section 2; OpenID Connect Core 1.0, section 9
 */
export type ClientAuthentication =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | (string & {})
  | ClientAuthenticationFunction
