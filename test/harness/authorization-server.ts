import type { User } from './users.js'

/** One request that reached the authorization server. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  /** The query, where the server tells it. */
  readonly search?: string
  /** The page that sent it by script; undefined for navigations. */
  readonly origin: string | undefined
}

/** What a test can turn while the server runs. */
export interface Dials {
  /** Seconds that access tokens live from now on. */
  accessTokenLifetime: number
  /** Headers added to every response, by name. */
  headers: Readonly<Record<string, string>>
  /** Breaks off every connection, after the request was recorded. */
  isUnreachable: boolean
}

/** A real authorization server on a port of its own, made for one app. */
export interface TestAuthorizationServer {
  readonly issuer: string
  readonly clientId: string
  readonly dials: Dials
  /** Every request since the last `forget`, preflights included, in order of arrival. */
  readonly seen: readonly SeenRequest[]
  forget(): void
  /** Moves the server's clock ahead; absent where it runs on the machine's. */
  elapse?(ms: number): void
  /** The claims behind an access token; undefined when it is not good (any more). */
  claimsOf(accessToken: string): Promise<Readonly<Record<string, unknown>> | undefined>
  /** How a user signs in on its pages. */
  readonly pages: SignInPages
  close(): Promise<void>
}

/** What to click on the server's pages; the same for every engine's driver. */
export interface SignInPages {
  /** CSS selector of the button that signs the user in. */
  readonly userButton: (user: User) => string
  /** CSS selector of the button that refuses. */
  readonly denyButton: string
  /** CSS selector of the button that confirms a sign-out, if the server asks. */
  readonly signOutButton?: string
}

export interface AppRegistration {
  /** The app's origin. */
  readonly origin: string
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
}

/** Starts a server for an app. */
export type StartAuthorizationServer = (app: AppRegistration) => Promise<TestAuthorizationServer>
