import type { ClientOptions, OptionNames } from '@latchkey/core'
import type { AuthorizationServerOptions } from './optional-peers.js'

/** A user of a test server: the claims. Those of a scope name (OpenID Connect Core 1.0, section 5.4) are returned with that scope only. */
export interface TestUser {
  readonly sub: string
  readonly [claim: string]: unknown
}

/** What the access token of a request to an API says. */
export interface TestToken {
  /** The user; undefined for a token of a client (client credentials). */
  readonly sub: string | undefined
  readonly clientId: string
  readonly scope: readonly string[]
}

/** Configures `createTestServer`. */
export interface TestServerOptions {
  /** Default: `https://issuer.localhost`. Set it for an app whose own options name its server. */
  readonly issuer?: string | undefined
  /** The users who can sign in; the first does. Default: `{ sub: 'test-user', name: 'Test User', email: 'test-user@example.com' }`. */
  readonly users?: readonly TestUser[] | undefined
  /**
   * URL prefixes of the protected APIs: requests need an access token, and get the response of `api`. Default: the page's origin, if there is
   * a page, and `https://api.test/`.
   */
  readonly resources?: readonly string[] | undefined
  /** Returns the response of the APIs. Default: `{ sub, scope }` of the token, as JSON. */
  readonly api?: ((request: Request, token: TestToken) => Response | Promise<Response>) | undefined
  /** Lifetime of access tokens in seconds. Default 3600. */
  readonly accessTokenLifetime?: number | undefined
  /** Sends requests to all other URLs. Default: they are refused. */
  readonly fetch?: typeof fetch | undefined
  /** Overrides options of the client, in the server's `options`. */
  readonly client?: Partial<ClientOptions> | undefined
  /**
   * Overrides options of `createAuthorizationServer`, such as `features`, `grants` or `clients`. Default: every client id and redirect URI is
   * accepted.
   */
  readonly server?: Partial<AuthorizationServerOptions> | undefined
}

/** The names of the options, for checks. */
export const TEST_SERVER_OPTIONS: OptionNames<TestServerOptions> = {
  issuer: 'string',
  users: 'list',
  resources: 'list',
  api: 'function',
  accessTokenLifetime: 'number',
  fetch: 'function',
  client: 'object',
  server: 'object',
}
