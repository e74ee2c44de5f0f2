/** What is known of the client when it authenticates. @see RFC 7591, section 2 */
export interface ClientIdentity {
  readonly clientId: string
  readonly clientSecret?: string
}

/**
 * How the client shows the authorization server who it is. A function gets the finished request and returns the one to send.
 *
 * @see RFC 6749, section 2.3; RFC 7591, section 2; OpenID Connect Core 1.0, section 9
 */
export type ClientAuthentication =
  | 'none'
  | ((
      request: Request,
      server: { readonly issuer: string; readonly token_endpoint?: string },
      client: ClientIdentity,
    ) => Request | Promise<Request>)
