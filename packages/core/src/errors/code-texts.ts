import type { ErrorCode } from './error-codes.js'

/** What is true of every error with a code. */
export interface CodeTexts {
  /** Name of the error's class. */
  readonly class: string
  /** What happened, in one sentence. The message of an error whose throw site does not say more. */
  readonly message: string
  /** Where to look. */
  readonly check: string
  /** What to do. The hint of an error whose throw site does not say more. */
  readonly hint: string
  /** The section that is broken most often with this code. */
  readonly section?: string
}

/**
 * The one list of error codes: class, message, hint and section. Loaded when an error happens; the README's table is generated from it.
 */
export const CODE_TEXTS: Readonly<Record<ErrorCode, CodeTexts>> = {
  configuration: {
    class: 'ConfigurationError',
    message: 'An option is missing, incomplete or contradicts another option.',
    check: 'The message names the option.',
    hint: 'Change the option or argument that the message or "cause" names.',
  },
  unsupported: {
    class: 'ConfigurationError',
    message: 'The server or the browser does not support what was requested.',
    check: 'The `…_supported` members of the server metadata; the message.',
    hint: 'Change the option, or turn the feature on at the server. Outside a page, pass a custom Transport, or use createAuthorizationUrl() and exchange(); in OAuth 1.0a, tokenCredentials().',
  },
  insecure_context: {
    class: 'ConfigurationError',
    message: 'WebCrypto ("crypto.subtle") is not available on this page.',
    check: 'The address bar: plain http on a host other than localhost.',
    hint: 'Serve the app over https or on localhost: browsers offer cryptography to secure contexts only.',
    section: 'Web Cryptography API, section 10.1',
  },
  resource_not_allowed: {
    class: 'ConfigurationError',
    message: 'The URL is not in "resources". Nothing was sent.',
    check: 'The option `resources`.',
    hint: 'Add the address of the API to the option "resources" if the API may have the user’s token.',
    section: 'RFC 6750, section 5.3',
  },
  invalid_return_to: {
    class: 'ConfigurationError',
    message: '"returnTo" must be a path on this origin, such as "/orders?page=2".',
    check: 'The value of `returnTo`.',
    hint: 'Pass location.pathname + location.search, never a whole URL.',
    section: 'RFC 9700, section 4.11.1',
  },
  network: {
    class: 'NetworkError',
    message: 'The server could not be reached.',
    check: 'The network tab of the browser.',
    hint: 'Check the address, network, certificate, and that the server allows the origin of the app (CORS): run "npx latchkey doctor".',
  },
  timeout: {
    class: 'NetworkError',
    message: 'The server did not respond in time.',
    check: 'The server.',
    hint: 'Try again later, or pass a longer "timeout".',
  },
  offline: {
    class: 'NetworkError',
    message: 'The device is offline.',
    check: 'The connection.',
    hint: 'Try again when the device is online. The session is kept.',
  },
  rate_limited: {
    class: 'NetworkError',
    message: 'The server is rate limiting.',
    check: '`retryAfterSeconds`.',
    hint: 'Too many requests: wait before the next try. The session is kept.',
    section: 'RFC 6585, section 4',
  },
  server_error: {
    class: 'NetworkError',
    message: 'The server responded with a status of 500 or above.',
    check: "The server's log.",
    hint: 'The server failed: try again later.',
    section: 'RFC 9110, section 15.6',
  },
  module_load_failed: {
    class: 'NetworkError',
    message: 'A file of the app could not be loaded from its own server.',
    check: 'The network tab: a new deployment may have replaced the file.',
    hint: 'Check the connection; after a new deployment of the app, reload the page.',
  },
  authorization_error: {
    class: 'ServerError',
    message: 'The authorization server refused the authorization request.',
    check: '`error` and `errorDescription`.',
    hint: 'Look up the error code of the server in its documentation.',
    section: 'RFC 6749, section 4.1.2.1',
  },
  token_error: {
    class: 'ServerError',
    message: 'The token endpoint refused the request.',
    check: '`error` and `errorDescription`.',
    hint: 'Look up the error code of the server in its documentation.',
    section: 'RFC 6749, section 5.2',
  },
  invalid_grant: {
    class: 'ServerError',
    message: 'The code, refresh token, assertion or password was refused.',
    check: 'Whether it was used twice, expired, or issued to another client.',
    hint: 'Sign in again.',
    section: 'RFC 6749, section 5.2',
  },
  userinfo_error: {
    class: 'ServerError',
    message: 'The UserInfo endpoint refused the access token, or its response is about another user.',
    check: '`status`; the scope of the token.',
    hint: 'Request the scope "openid".',
    section: 'OpenID Connect Core 1.0, section 5.3.3',
  },
  revocation_error: {
    class: 'ServerError',
    message: 'The revocation endpoint refused the request.',
    check: '`error`.',
    hint: 'Check the client authentication ("revocationClientAuth").',
    section: 'RFC 7009, section 2.2.1',
  },
  introspection_error: {
    class: 'ServerError',
    message: 'The introspection endpoint refused the request, or its response cannot be used.',
    check: 'Client authentication.',
    hint: 'Check "introspectionClientAuth", and that the URL is that of the introspection endpoint.',
    section: 'RFC 7662, section 2.2',
  },
  invalid_metadata: {
    class: 'ValidationError',
    message: 'The server metadata is missing or invalid.',
    check: 'Open `/.well-known/openid-configuration` of the issuer.',
    hint: 'Correct "issuer", or pass the metadata inline as "server".',
    section: 'RFC 8414, section 2',
  },
  issuer_mismatch: {
    class: 'ValidationError',
    message: 'The metadata or the response names another issuer, or the response arrived at another redirect URI.',
    check: 'Compare `issuer`, or the address of the callback and `redirectUri`, character for character.',
    hint: 'Write "issuer" as the server does; otherwise suspect a mix-up attack.',
    section: 'RFC 9207, section 2.4',
  },
  invalid_jwks: {
    class: 'ValidationError',
    message: 'The key set of the server is empty or invalid.',
    check: 'Open the `jwks_uri` of the server metadata.',
    hint: 'The key set must list the keys that the server signs with. Correct it at the server.',
    section: 'RFC 7517, section 5',
  },
  mismatching_state: {
    class: 'ValidationError',
    message: 'The authorization response matches no request of this browser.',
    check: 'A bookmarked callback, two sign-ins at once, or a forgery.',
    hint: 'The request was used before, is older than ten minutes, or was started in another browser. Sign in again.',
    section: 'RFC 6749, section 10.12',
  },
  missing_code: {
    class: 'ValidationError',
    message: 'The authorization response has neither "code" nor "error".',
    check: 'The response types of the client at the server; the navigation fallback of a service worker.',
    hint: 'Check that the server allows the response type "code" for this client.',
    section: 'RFC 6749, section 4.1.2',
  },
  missing_token_type: {
    class: 'ValidationError',
    message: 'The token response has no "token_type".',
    check: "The server's response.",
    hint: 'Add it in the compliance hook "tokenResponse" (see bearerTokenType).',
    section: 'RFC 6749, section 5.1',
  },
  unsupported_token_type: {
    class: 'ValidationError',
    message: 'The token type is neither Bearer nor, with "dpop", DPoP.',
    check: "The server's response.",
    hint: 'Turn "dpop" on, or have the server issue Bearer tokens.',
    section: 'RFC 6749, section 7.1',
  },
  invalid_response: {
    class: 'ValidationError',
    message: 'The response is not what the specification says: HTML, a redirect, too long, or the wrong members.',
    check: 'The URL in the metadata or of the call; proxies.',
    hint: 'Correct the address, or adapt the response in a compliance hook.',
    section: 'RFC 6749, section 5.1',
  },
  invalid_id_token: {
    class: 'ValidationError',
    message: 'A claim, the signature or the algorithm of the ID token is wrong.',
    check: 'The message names the claim.',
    hint: 'Compare the client registration; set the clock; check "idTokenSignedResponseAlg". Nothing of the token is used.',
    section: 'OpenID Connect Core 1.0, section 3.1.3.7',
  },
  invalid_claims: {
    class: 'ValidationError',
    message: 'The claims of the user do not fit the schema in "claims".',
    check: 'The scope.',
    hint: 'Request more scope, or make the claims optional in the schema.',
  },
  account_mismatch: {
    class: 'ValidationError',
    message: 'Another user has signed in than the one of this account.',
    check: 'Which user the server signed in; `loginHint`.',
    hint: 'Add the other user as a further account (`accounts.add()`), or sign this account out first.',
  },
  organization_mismatch: {
    class: 'ValidationError',
    message: 'The ID token names another organization than the requested one, or none.',
    check: 'The claims `org_id` and `org_name` of the ID token.',
    hint: 'Check that the user is a member of the organization, and that the server adds the claim to ID tokens ("organizationClaim").',
  },
  aborted: {
    class: 'InteractionError',
    message: 'The request was aborted.',
    check: 'The `signal` of the caller, or `close()`.',
    hint: 'Nothing is wrong: an AbortSignal fired or the client was closed.',
  },
  popup_blocked: {
    class: 'InteractionError',
    message: 'The browser blocked the sign-in window.',
    check: 'Whether `login()` is called inside the click handler.',
    hint: 'Call login() directly in the click handler, allow popups for this site, or pass { fallback: "redirect" }.',
  },
  popup_closed: {
    class: 'InteractionError',
    message: 'The sign-in window was closed before the sign-in was complete.',
    check: 'Nothing: the user closed it.',
    hint: 'Show the sign-in button again.',
  },
  interaction_required: {
    class: 'InteractionError',
    message: 'The server has to show a page, but the request had prompt "none".',
    check: '`error`.',
    hint: 'Call login() without prompt "none".',
    section: 'OpenID Connect Core 1.0, section 3.1.2.6',
  },
  iframe_blocked: {
    class: 'InteractionError',
    message: 'The hidden frame got no response.',
    check: 'Third-party cookies; frame rules (CSP) in the console.',
    hint: 'Use refresh tokens, or { silent: "redirect" }.',
    section: 'OpenID Connect Core 1.0, section 3.1.2.1 (prompt=none)',
  },
  redirect_loop: {
    class: 'InteractionError',
    message: 'Sign-ins follow one another without a session.',
    check: 'Cookies, storage, the redirect URI.',
    hint: 'Likely causes: the redirect URI opens a page that starts a sign-in before the response is handled; storage is blocked so that no transaction survives; or the API refuses every token.',
  },
  account_limit: {
    class: 'InteractionError',
    message: 'The maximum number of accounts is signed in.',
    check: 'The option `maxAccounts` of `createAccounts`.',
    hint: 'Sign out one of the accounts first, or raise "maxAccounts".',
  },
  missing_token: {
    class: 'SessionError',
    message: 'There is no token: no user is signed in, or the token response has none.',
    check: 'Whether the user is signed in.',
    hint: 'Call login() first.',
  },
  token_invalid: {
    class: 'SessionError',
    message: 'The session cannot be refreshed any more.',
    check: 'Whether the server issues refresh tokens.',
    hint: 'Sign in again. To stay signed in, request a refresh token (often the scope "offline_access").',
    section: 'RFC 6749, section 6',
  },
  storage: {
    class: 'EnvironmentError',
    message: 'The storage of the browser failed. The session falls back to memory.',
    check: 'Private window, full disk, blocked site data.',
    hint: 'Nothing to do now; after a reload the user signs in again.',
  },
  reload_required: {
    class: 'EnvironmentError',
    message:
      'A newer release of the app, in another tab, has changed the stored session. This page cannot read it and stops refreshing.',
    check: 'Whether a deployment replaced the app while this page was open.',
    hint: 'Reload the page to load the newer release. The user stays signed in.',
  },
  unexpected: {
    class: 'EnvironmentError',
    message: 'A function that was passed to the client, or a storage, failed.',
    check: '`cause`.',
    hint: 'See "cause".',
  },
}
