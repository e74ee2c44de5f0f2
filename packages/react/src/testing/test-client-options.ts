import type { ClientOptions, LoginOptions, LogoutOptions, OAuthClientError, OptionNames, UserClaims } from '@latchkey/core'
import type { RegisteredClaims } from '../provider/register.js'
import type { TestSession } from './test-session.js'

/** Configures `createTestClient` and `<TestOAuthProvider>`: the session, and how sign-ins, sign-outs and requests end. */
export interface TestClientOptions<Claims = RegisteredClaims> {
  /** The state of the session at the start. Default: no user is signed in. */
  readonly session?: TestSession<Claims> | undefined
  /**
   * Called with the options of every sign-in. Returns the claims of the user who signs in, or the error that the sign-in fails with; it
   * may also throw or reject with the error.
   * Default: the session's own user, else `{ sub: 'test-user', name: 'Test User' }`.
   */
  readonly login?: ((options: LoginOptions) => Claims | OAuthClientError | Promise<Claims | OAuthClientError>) | undefined
  /** Called with the options of every sign-out. */
  readonly logout?: ((options: LogoutOptions) => void) | undefined
  /**
   * Returns the response of every protected resource; the request contains the access token. Relative URLs are resolved against the
   * page. Default: every request is refused.
   */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined
  /** Returns the response of the UserInfo endpoint. Default: the claims. */
  readonly userInfo?: (() => UserClaims | Promise<UserClaims>) | undefined
  /** Overrides members of `client.options`. */
  readonly options?: Partial<ClientOptions> | undefined
}

/** The names of the options, for checks. */
export const TEST_CLIENT_OPTIONS: OptionNames<TestClientOptions> = {
  session: true,
  login: true,
  logout: true,
  fetch: true,
  userInfo: true,
  options: true,
}
