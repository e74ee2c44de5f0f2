/**
 * Hooks for servers that deviate from the specification. Each is a pure function over the web's own `Request` and `Response`; its
 * result is used instead.
 */
export interface ComplianceHooks {
  /** Gets the URL of the authorization request before the browser navigates to it. */
  readonly authorizationRequest?: ((url: URL) => URL | Promise<URL>) | undefined
  /** Gets the URL of the request to the end session endpoint before the browser navigates to it. */
  readonly endSessionRequest?: ((url: URL) => URL | Promise<URL>) | undefined
  /** Gets the token request for a code or another grant, before client authentication is added. */
  readonly tokenRequest?: ((request: Request) => Request | Promise<Request>) | undefined
  /** Gets the response to it. */
  readonly tokenResponse?: ((response: Response) => Response | Promise<Response>) | undefined
  /** Gets the refresh request, before client authentication is added. */
  readonly refreshTokenRequest?: ((request: Request) => Request | Promise<Request>) | undefined
  /** Gets the response to it. */
  readonly refreshTokenResponse?: ((response: Response) => Response | Promise<Response>) | undefined
  /** Gets the revocation request. */
  readonly revocationRequest?: ((request: Request) => Request | Promise<Request>) | undefined
  /** Gets the introspection request. */
  readonly introspectionRequest?: ((request: Request) => Request | Promise<Request>) | undefined
  /** Gets a request to a protected resource, with the token in it. */
  readonly protectedRequest?: ((request: Request) => Request | Promise<Request>) | undefined
  /** Gets the response of the UserInfo endpoint. */
  readonly userInfoResponse?: ((response: Response) => Response | Promise<Response>) | undefined
}
