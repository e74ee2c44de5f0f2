import type { HardeningOptions } from './hardening/hardening-options.js'
import type { AuthorizationServerOptions, ClientRecord, User } from '@latchkey/server'

type Optional<Value> = { readonly [Name in keyof Value]?: Value[Name] | undefined }

/** A client of the embedded server, with the members of a `ClientRecord`. Its URIs may be paths, which are resolved at each origin. */
export interface TestClient extends Optional<ClientRecord> {
  readonly clientId: string
  /** Where the browser may return after a sign-in. Default: the app's base URL, and `callback` and `callback.html` below it. */
  readonly redirectUris?: readonly string[] | undefined
  /** Where the browser may return after a sign-out. Default: the app's base URL. */
  readonly postLogoutRedirectUris?: readonly string[] | undefined
}

/** Where an app signs in: the value of `virtual:latchkey`, and the props of `<OAuthProvider {...settings}>`. */
export interface LatchkeySettings {
  /** The issuer of the server in the dev server; in a build, that of `production`. */
  readonly issuer: string
  /** The client id of the app there. */
  readonly clientId: string
  /** What the app requests, space-separated. */
  readonly scope: string
  /** URLs that access tokens may be sent to; a path is resolved at the page's origin. Default: that origin. */
  readonly resources: readonly string[]
  /** A path is resolved at the page's origin. Default: the app's base URL. */
  readonly redirectUri?: string | undefined
}

/**
 * The client metadata document of the app, and where it is served: the members of RFC 7591, section 2, by their wire names. `client_id` is
 * its own URL.
 *
 * @see draft-ietf-oauth-client-id-metadata-document-03, section 4
 */
export interface ClientDocumentOptions {
  /** The URL of the built app, such as `https://app.example.com/`. A build needs it. */
  readonly appUrl?: string | undefined
  /** The path of the document, below the app's base URL. Default `client-metadata.json`. */
  readonly path?: string | undefined
  /** The name that users see. */
  readonly client_name?: string | undefined
  /** Paths are resolved at the app's base URL. Default: that URL, and `callback` and `callback.html` below it. */
  readonly redirect_uris?: readonly string[] | undefined
  /** Default `web`. */
  readonly application_type?: 'web' | 'native' | undefined
  /** Default `authorization_code` and `refresh_token`. */
  readonly grant_types?: readonly string[] | undefined
  /** Default `none`: a page has no secret. */
  readonly token_endpoint_auth_method?: 'none' | 'private_key_jwt' | undefined
  /** Space-separated. */
  readonly scope?: string | undefined
  /** Any other member, such as `client_uri`. */
  readonly [member: string]: unknown
}

/** Options of the plugin `latchkey()`. */
export interface LatchkeyOptions {
  /** Where the authorization server is mounted, below Vite's `base`. Default `/oauth`. */
  readonly path?: string | undefined
  /** Users who can sign in, with one button each. Default: Ada Lovelace and Alan Turing. */
  readonly users?: readonly User[] | undefined
  /** Additional clients. The app's own client, `clientId`, always exists; a client with the same id extends it. */
  readonly clients?: readonly TestClient[] | undefined
  /** The app's client id. Default `app`. */
  readonly clientId?: string | undefined
  /** The scope that the app requests, space-separated. Default `openid profile email offline_access`. */
  readonly scope?: string | undefined
  /** URLs that access tokens may be sent to; paths are resolved at each origin. Default: the app's own origin. */
  readonly resources?: readonly string[] | undefined
  /**
   * Where a small protected API for trying calls is mounted, below Vite's `base`. `/api` adds `/api/me`, which requires any token,
   * `/api/admin`, which requires the scope `admin`, and `/api/fresh`, which requires a sign-in within the last 30 seconds. Default: none.
   */
  readonly api?: string | undefined
  /**
   * The origin that browsers see if the dev server is behind a proxy: `https://dev.example.com`. Default: the address that each
   * request was sent to, so that `localhost` and `127.0.0.1` both work.
   */
  readonly origin?: string | undefined
  /**
   * Save keys, sessions and tokens, so that users stay signed in across a restart: true for a folder of the project in the user's own
   * folder for program state (such as `~/.local/state/latchkey`), or the path of a folder outside of all projects. Default true.
   */
  readonly persist?: boolean | string | undefined
  /**
   * Show the panel of `@latchkey/react/devtools` in the dev server, with every client that the app creates. Never in a build. It needs
   * `@latchkey/react`, `react` and `react-dom`. Default: false.
   */
  readonly devtools?: boolean | undefined
  /**
   * Publish a client metadata document, by which the app identifies itself at servers that do not know it, such as those of MCP servers: the
   * dev and preview servers serve it, a build contains it. `virtual:latchkey` exports its URL as `clientMetadataUrl`. Default: none.
   */
  readonly clientMetadata?: ClientDocumentOptions | undefined
  /**
   * Take authorization responses out of the URL before any other script runs, and report the Content Security Policy of a build: true, or
   * options. Default: false.
   */
  readonly hardening?: boolean | HardeningOptions | undefined
  /** The settings that `vite build` writes into the app. `VITE_LATCHKEY_…` variables override them. Default: the server of `vite preview`. */
  readonly production?: (Optional<LatchkeySettings> & Pick<LatchkeySettings, 'issuer' | 'clientId'>) | undefined
  /** More options of the authorization server: grants, token lifetimes, hooks. */
  readonly server?: Optional<Omit<AuthorizationServerOptions, 'issuer' | 'clients' | 'keys' | 'stores'>> | undefined
}
