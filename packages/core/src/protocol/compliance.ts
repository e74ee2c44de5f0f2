/**
 * Hooks for servers that bend the specification. Each is pure over the web's own `Request` and `Response`: what it returns
 * goes on in its place.
 */
export interface ComplianceHooks {
  /** The authorization request's URL, before the browser goes there. */
  readonly authorizationRequest?: (url: URL) => URL | Promise<URL>
  readonly tokenRequest?: (request: Request) => Request | Promise<Request>
  readonly tokenResponse?: (response: Response) => Response | Promise<Response>
  readonly refreshTokenRequest?: (request: Request) => Request | Promise<Request>
  readonly refreshTokenResponse?: (response: Response) => Response | Promise<Response>
  readonly revocationRequest?: (request: Request) => Request | Promise<Request>
  readonly introspectionRequest?: (request: Request) => Request | Promise<Request>
  /** A request to a protected resource, after the token was put in. */
  readonly protectedRequest?: (request: Request) => Request | Promise<Request>
  readonly userInfoResponse?: (response: Response) => Response | Promise<Response>
}
