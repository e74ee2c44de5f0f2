/**
 * A registered client: the client metadata of RFC 7591, section 2, and OpenID Connect Dynamic Client Registration 1.0, section 2, in
 * camel case. An absent member allows what the server allows.
 */
export interface ClientRecord {
  /** The `client_id`. */
  readonly clientId: string
  /** The secret itself (required for `client_secret_jwt`), or its digest as `sha256:<base64url>`. */
  readonly clientSecret?: string | undefined
  /** The name that pages show. */
  readonly clientName?: string | undefined
  /** Compared character for character. @see RFC 9700, section 4.1.3 */
  readonly redirectUris: readonly string[]
  /** Compared character for character. */
  readonly postLogoutRedirectUris?: readonly string[] | undefined
  /** Space-separated; the most that this client may request. */
  readonly scope?: string | undefined
  /**
   * The claims that it may request one by one, in the `claims` parameter, beside those of the scope names that it may use. Absent: also
   * every claim that no scope name gives, and none for a client that registered itself. @see OpenID Connect Core 1.0, section 5.5
   */
  readonly claims?: readonly string[] | undefined
  /**
   * The resources that it may request, compared character for character. Absent: all, and none for a client that registered itself.
   * @see RFC 8707, section 2
   */
  readonly resources?: readonly string[] | undefined
  /** The grant types that it may use. */
  readonly grantTypes?: readonly string[] | undefined
  /** The response types that it may use. */
  readonly responseTypes?: readonly string[] | undefined
  /** How the client authenticates at the token endpoint. Default: `none` without a secret, else `client_secret_basic` or `client_secret_post`. */
  readonly tokenEndpointAuthMethod?: string | undefined
  /** The algorithm of the client's ID tokens. Default RS256, or that of the server's first key if there is no RS256 key. */
  readonly idTokenSignedResponseAlg?: string | undefined
  /** `native`: on `127.0.0.1` and `[::1]` the redirect URI may have any port (RFC 8252, section 7.3). */
  readonly applicationType?: 'web' | 'native' | undefined
  /** Request the user's consent. Default false. */
  readonly requireConsent?: boolean | undefined
  /** Registered by anyone, without an initial access token: the consent page says that its name is not verified. */
  readonly selfRegistered?: boolean | undefined
  /** `own`: it may inspect its own tokens alone, not those of other clients. Default `any`, for confidential clients. */
  readonly introspects?: 'own' | 'any' | undefined
  /** Seconds; the `max_age` of requests without one. */
  readonly defaultMaxAge?: number | undefined
  /** Public keys for `private_key_jwt` and request objects. */
  readonly jwks?: { readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>> } | undefined
  /** The URL of the public keys. */
  readonly jwksUri?: string | undefined
  /** The algorithm of its client assertions. Default: any that fits its method. */
  readonly tokenEndpointAuthSigningAlg?: string | undefined
  /** Makes the UserInfo response a JWT signed with this algorithm. @see OpenID Connect Core 1.0, section 5.3.2 */
  readonly userinfoSignedResponseAlg?: string | undefined
  /** Tokens are only issued with a DPoP proof. @see RFC 9449, section 5.2 */
  readonly dpopBoundAccessTokens?: boolean | undefined
  /** Refuse its authorization requests if they were not pushed. @see RFC 9126, section 6 */
  readonly requirePushedAuthorizationRequests?: boolean | undefined
  /** The URLs of its request objects, compared character for character. */
  readonly requestUris?: readonly string[] | undefined
  /** The algorithm of its request objects. Default: any that fits its keys, or its secret if it has no keys. */
  readonly requestObjectSigningAlg?: string | undefined
  /** Refuse its authorization requests if they are not signed. @see RFC 9101, section 10.5 */
  readonly requireSignedRequestObject?: boolean | undefined
  /** The types of authorization details that it may request. @see RFC 9396, section 10 */
  readonly authorizationDetailsTypes?: readonly string[] | undefined
  /**
   * The resource indicators that this client serves as an API: it may exchange the tokens that are for one of them, or for its
   * `clientId`. @see RFC 8693, section 2.1
   */
  readonly servedResources?: readonly string[] | undefined
  /** Where it is notified, server to server, that a session has ended. @see OpenID Connect Back-Channel Logout 1.0, section 2.2 */
  readonly backchannelLogoutUri?: string | undefined
  /** Where it is notified, by a frame in the browser, that a session has ended. @see OpenID Connect Front-Channel Logout 1.0, section 2 */
  readonly frontchannelLogoutUri?: string | undefined
  /** `poll`, the default and the only mode that this server supports. @see OpenID Connect CIBA Core 1.0, section 4 */
  readonly backchannelTokenDeliveryMode?: string | undefined
  /** Digest of the token by which it may change its registration. @see RFC 7592, section 3 */
  readonly registrationToken?: string | undefined
  /** The host's own members, for its site and hooks. JSON-safe. The server does not read them. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  /** Client metadata of custom features, and what a custom `ClientStore` adds. A client in a list has only those of features. */
  readonly [member: string]: unknown
}
