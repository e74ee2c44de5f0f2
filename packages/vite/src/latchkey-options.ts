import type { AuthorizationServerOptions, ClientRecord, User } from '@latchkey/server'

/** A client of the embedded server, with the members of a `ClientRecord`. Its addresses may be paths: they count for every origin. */
export interface TestClient extends Partial<ClientRecord> {
  readonly clientId: string
  /** Default: the app's base URL, and `callback` and `callback.html` below it. */
  readonly redirectUris?: readonly string[]
  /** Default: the app's base URL. */
  readonly postLogoutRedirectUris?: readonly string[]
}

/** Where an app signs in. What `import settings from 'virtual:latchkey'` gives, and what `<OAuthProvider {...settings}>` takes. */
export interface LatchkeySettings {
  readonly issuer: string
  readonly clientId: string
  /** Space-separated. */
  readonly scope: string
  /** Where access tokens may be sent. */
  readonly resources: readonly string[]
  readonly redirectUri?: string
}

export interface LatchkeyOptions {
  /** Where the authorization server is mounted, below Vite's `base`. Default `/oauth`. */
  readonly path?: string
  /** Who can sign in, with one button each. Default: Ada Lovelace and Alan Turing. */
  readonly users?: readonly User[]
  /** Further clients. The app's own, `clientId`, is always there; one with its id here adds to it. */
  readonly clients?: readonly TestClient[]
  /** The app's client id. Default `app`. */
  readonly clientId?: string
  /** Space-separated; what the app asks for. Default `openid profile email offline_access`. */
  readonly scope?: string
  /** Where access tokens may be sent; paths count for every origin. Default: the app's own origin. */
  readonly resources?: readonly string[]
  /**
   * Where a small protected API is mounted, below Vite's `base`, to try calls with: `/api` gives `/api/me`, which wants any token,
   * `/api/admin`, which wants the scope `admin`, and `/api/fresh`, which wants a sign-in of the last 30 seconds. Default: none.
   */
  readonly api?: string
  /**
   * The origin that browsers see, when a proxy stands before the dev server: `https://dev.example.com`. Default: whatever
   * address a request came to, so that `localhost` and `127.0.0.1` both work.
   */
  readonly origin?: string
  /** Keep keys, sessions and tokens in Vite's `cacheDir`, so that a restart signs nobody out. Default true. */
  readonly persist?: boolean
  /** What `vite build` bakes in. `VITE_LATCHKEY_ISSUER` and its sisters win over it. Default: the server of `vite preview`. */
  readonly production?: Partial<LatchkeySettings> & Pick<LatchkeySettings, 'issuer' | 'clientId'>
  /** Further options of the authorization server: grants, token lifetimes, hooks. */
  readonly server?: Partial<Omit<AuthorizationServerOptions, 'issuer' | 'clients' | 'keys' | 'stores'>>
}
