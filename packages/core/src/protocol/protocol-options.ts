import type { ServerError } from '../errors/errors.js'
import type { ClientAuthentication, ClientAuthenticationFunction } from './client-authentication.js'
import type { ComplianceHooks } from './compliance.js'
import type { ServerOverrides } from './server-metadata.js'

/** One value, several (the parameter is repeated), or none. */
export type ParameterValue = string | number | boolean | readonly string[] | null | undefined

/** Parameters by name. */
export type Parameters = Readonly<Record<string, ParameterValue>>

/** What the authorization response contains. @see OAuth 2.0 Multiple Response Type Encoding Practices, sections 3 to 5 */
export type ResponseType =
  | 'code'
  | 'token'
  | 'id_token'
  | 'id_token token'
  | 'code id_token'
  | 'code token'
  | 'code id_token token'
  | 'none'

/** How the authorization response is returned. @see OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1 */
export type ResponseMode = 'query' | 'fragment' | 'jwt' | 'query.jwt' | 'fragment.jwt' | 'form_post' | 'web_message'

/** How authorization requests are signed. @see RFC 9101, section 5 */
export interface RequestObjectOptions {
  /** Private key; its public half is registered for the client. */
  readonly key: CryptoKey
  /** Id of the key, for servers that know several of this client. */
  readonly kid?: string | undefined
  /** Puts the signed request where the server can fetch it, and returns its URL: by reference. Without: by value. */
  readonly publish?: ((requestObject: string) => string | Promise<string>) | undefined
}

/** One permission that is requested in detail. Further members are those of its `type`. @see RFC 9396, section 2 */
export interface AuthorizationDetails {
  readonly type: string
  readonly locations?: readonly string[] | undefined
  readonly actions?: readonly string[] | undefined
  readonly datatypes?: readonly string[] | undefined
  readonly identifier?: string | undefined
  readonly privileges?: readonly string[] | undefined
  readonly [member: string]: unknown
}

/** How one claim is requested. @see OpenID Connect Core 1.0, section 5.5.1 */
export type ClaimRequest = {
  readonly essential?: boolean | undefined
  readonly value?: unknown
  readonly values?: readonly unknown[] | undefined
} | null

/** Claims that are requested one by one. @see OpenID Connect Core 1.0, section 5.5 */
export interface ClaimsRequest {
  /** Not of the specification: servers that bind access tokens to conditions read it (claims challenge). */
  readonly access_token?: Readonly<Record<string, ClaimRequest>> | undefined
  readonly id_token?: Readonly<Record<string, ClaimRequest>> | undefined
  readonly userinfo?: Readonly<Record<string, ClaimRequest>> | undefined
}

/**
 * Decides whether an issuer is accepted.
 *
 * @param claims of the ID token whose `iss` this is; undefined for that of the metadata and of the authorization response
 */
export type AcceptIssuer = (issuer: string, claims?: Readonly<Record<string, unknown>>) => boolean

/** The options of a client that requests and responses depend on. */
export interface ProtocolOptions {
  /** Issuer URL; metadata is discovered from it. Omit it to give all metadata in `server`. */
  readonly issuer?: string | undefined
  /** URL of the metadata document, if it is not at the well-known address of `issuer`. */
  readonly metadataUrl?: string | undefined
  /**
   * Server metadata by its own names. Without `issuer` this is all the metadata, and nothing is discovered. With `issuer` these members
   * replace discovered ones; a member that is `null` removes one. `issuer` among them is the issuer that the document must name, for
   * servers whose issuer is not where their metadata is.
   */
  readonly server?: ServerOverrides | undefined
  /**
   * Issuers whose ID tokens are accepted besides the one in the server metadata, for servers with an issuer per tenant. A template such
   * as `https://login.example.com/{tid}/v2.0` takes the claim `tid` of the ID token; a function is called without claims for the
   * issuer of the metadata document and of the authorization response.
   *
   * @see OpenID Connect Core 1.0, section 3.1.3.7
   */
  readonly acceptedIssuers?: string | readonly string[] | AcceptIssuer | undefined
  /**
   * Audiences that an ID token may have besides `clientId`. Given, an ID token with any other audience is refused, and one with these
   * needs no `azp`. Default: an ID token with several audiences must name this client in `azp`.
   *
   * @see OpenID Connect Core 1.0, section 3.1.3.7
   */
  readonly trustedAudiences?: readonly string[] | undefined
  /**
   * Allows endpoints and resources with plain `http`, between servers on a closed network. Refused in a browser. Default: `http` is for
   * loopback hosts.
   */
  readonly allowPlainHttp?: boolean | undefined
  /** The client id that the server gave this app. */
  readonly clientId: string
  /** How the client authenticates at the token endpoint. Default `none`: a browser cannot keep a secret. */
  readonly clientAuth?: ClientAuthentication | undefined
  /**
   * Custom methods of client authentication, by the names that `clientAuth`, `revocationClientAuth` and `introspectionClientAuth` can
   * then have. They replace built-in methods of the same name.
   */
  readonly clientAuthMethods?: Readonly<Record<string, ClientAuthenticationFunction>> | undefined
  /** For the methods of client authentication that are given by name and need one. Never in a page that others can open. */
  readonly clientSecret?: string | undefined
  /** Client authentication at the revocation endpoint, if it differs from `clientAuth`. @see RFC 7009, section 2.1 */
  readonly revocationClientAuth?: ClientAuthentication | undefined
  /** Client authentication at the introspection endpoint, if it differs from `clientAuth`. @see RFC 7662, section 2.1 */
  readonly introspectionClientAuth?: ClientAuthentication | undefined
  /** Where the browser returns after the sign-in. Default: the app's base URL (the page's `<base>`, else the origin and `/`). */
  readonly redirectUri?: string | undefined
  /** What the app requests: space-separated, or a list. Default `openid profile email`. */
  readonly scope?: string | readonly string[] | undefined
  /** The resource indicators among them are requested with every sign-in (RFC 8707). */
  readonly resources?: ReadonlyArray<string | { readonly resource?: string | undefined }> | undefined
  /** What the authorization response contains. Default `code`; `token` and `id_token` in it are for old servers, and warn. */
  readonly responseType?: ResponseType | undefined
  /** Where the authorization response is: `query`, `fragment`, or a signed `jwt` variant. Default: as the response type says. */
  readonly responseMode?: ResponseMode | undefined
  /** Parameters added to every authorization request; functions are called for each. */
  readonly params?: Readonly<Record<string, ParameterValue | (() => ParameterValue)>> | undefined
  /**
   * Parameters added to every token request (code, refresh and other grants); functions are called for each with its `grant_type`.
   *
   * @see RFC 6749, section 3.2
   */
  readonly tokenParams?: Readonly<Record<string, ParameterValue | ((grantType: string) => ParameterValue)>> | undefined
  /**
   * Sends the resource indicators of the authorization request with its code as well, so that the session's own token is for them.
   * Default: if there is one and the scope has no `openid`. With `openid` the session's own token is for UserInfo, and each resource
   * gets a token of its own with the refresh token.
   *
   * @see RFC 8707, section 2.2
   */
  readonly resourceWithCode?: boolean | undefined
  /**
   * Whether a refusal of the refresh token ends the session, besides `invalid_grant`: for servers with error codes of their own.
   * Called with the error of the token endpoint; its member `error` is the server's code.
   */
  readonly isSessionEnd?: ((refusal: ServerError) => boolean) | undefined
  /** Seconds; for the times in JSON Web Tokens. Default 30. */
  readonly clockTolerance?: number | undefined
  /** Seconds; a request that takes longer fails with code `timeout`. Default 30. */
  readonly timeout?: number | undefined
  /** Algorithm that ID tokens are signed with (`id_token_signed_response_alg` of the client's metadata). Default RS256. */
  readonly idTokenSignedResponseAlg?: string | undefined
  /** Algorithm that signed authorization responses (JARM) are signed with (`authorization_signed_response_alg`). Default RS256. */
  readonly authorizationSignedResponseAlg?: string | undefined
  /** Algorithm that UserInfo responses are signed with (`userinfo_signed_response_alg`), if the server signs them. Default RS256. */
  readonly userInfoSignedResponseAlg?: string | undefined
  /** The client's private key, if the server encrypts ID tokens and other responses for it. */
  readonly decryptionKey?: CryptoKey | JsonWebKey | undefined
  /**
   * Binds tokens to a key of this browser that cannot be exported, so that a stolen token is useless elsewhere. With `true`, a server
   * that issues a Bearer token all the same is accepted with a warning; `'required'` refuses it with `unsupported_token_type`.
   * `alg` defaults to ES256.
   *
   * @see RFC 9449
   */
  readonly dpop?:
    | boolean
    | 'required'
    | { readonly alg?: string | undefined; readonly required?: boolean | undefined }
    | undefined
  /** Push the authorization request to the server first. Default: if the server's metadata requires it. @see RFC 9126 */
  readonly par?: boolean | undefined
  /** Sign the authorization request. @see RFC 9101 */
  readonly requestObject?: RequestObjectOptions | undefined
  /** Detailed permissions, in addition to or instead of the scope. @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
  /** Hooks for servers that deviate from the specification. */
  readonly compliance?: ComplianceHooks | undefined
}

/** What one authorization request asks for, in addition to the options of the client. */
export interface AuthorizationParameters {
  /** Space-separated, or a list. Default: the option of the client. */
  readonly scope?: string | readonly string[] | undefined
  /** Which page the server shows although the user is signed in there; `none` for no page. */
  readonly prompt?: 'none' | 'login' | 'consent' | 'select_account' | 'create' | (string & {}) | undefined
  /** Whom the server suggests on its sign-in page, such as an email address. */
  readonly loginHint?: string | undefined
  /** Seconds; `auth_time` of the ID token is checked against it. */
  readonly maxAge?: number | undefined
  /** Requested authentication context class references, space-separated, in order of preference. */
  readonly acrValues?: string | undefined
  /** Preferred languages of the server’s pages, space-separated, such as `de-CH de`. */
  readonly uiLocales?: string | undefined
  /** ID token of the user who is expected. */
  readonly idTokenHint?: string | undefined
  /** Used unchanged and compared with that of the ID token. Default: a random one. @see OpenID Connect Core 1.0, section 15.5.2 */
  readonly nonce?: string | undefined
  /** Resource indicators (RFC 8707). */
  readonly resources?: readonly string[] | undefined
  /** Claims one by one; an essential `acr` is checked in the response. */
  readonly claims?: ClaimsRequest | undefined
  /** Detailed permissions. Default: the option of the client. @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
  /** Further parameters of the authorization request, by their own names. */
  readonly params?: Readonly<Record<string, ParameterValue>> | undefined
  readonly signal?: AbortSignal | undefined
}

/** Parameters of a request to the end session endpoint. @see OpenID Connect RP-Initiated Logout 1.0, section 2 */
export interface EndSessionParameters {
  /** Whom the server signs out, such as an email address. */
  readonly logoutHint?: string | undefined
  /** Preferred languages of the server’s page, space-separated. */
  readonly uiLocales?: string | undefined
  /** Further parameters of the request, by their own names. */
  readonly params?: Readonly<Record<string, ParameterValue>> | undefined
}
