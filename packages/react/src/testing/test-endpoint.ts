/**
 * An endpoint of the test server: its path under the issuer. `metadata` is that of the server (OpenID Connect Discovery 1.0, RFC 8414),
 * `api` are the protected resources.
 */
export type TestEndpoint =
  | 'metadata'
  | 'jwks'
  | 'authorize'
  | 'token'
  | 'userinfo'
  | 'revoke'
  | 'introspect'
  | 'par'
  | 'end-session'
  | 'api'
  | (string & {})

/** One request that reached a test server. */
export interface TestRequest {
  readonly endpoint: TestEndpoint
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** The text of the body; empty if there is none. */
  readonly body: string
}

/** @returns undefined for a URL of another server */
export function endpointOf(url: URL, issuer: string, apis: readonly string[]): TestEndpoint | undefined {
  const base = new URL(issuer.endsWith('/') ? issuer : `${issuer}/`)
  if (url.origin === base.origin) {
    // RFC 8414, section 3.1, has it in front of the issuer's path.
    if (url.pathname.includes('/.well-known/')) return 'metadata'
    if (url.pathname.startsWith(base.pathname) && url.pathname !== base.pathname) return url.pathname.slice(base.pathname.length)
  }
  return apis.some((api) => isBelow(url, new URL(api))) ? 'api' : undefined
}

function isBelow(url: URL, { origin, pathname }: URL): boolean {
  const path = pathname.replace(/\/$/, '')
  return url.origin === origin && (url.pathname === path || url.pathname.startsWith(`${path}/`))
}
