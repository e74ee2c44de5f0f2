import type { FindingCode } from './finding-code.js'

/** One sentence for each code: the heading of a finding. */
export const FINDING_TITLES: Readonly<Record<FindingCode, string>> = {
  metadata_unreachable: 'The server metadata cannot be read',
  metadata_invalid: 'The server metadata cannot be used',
  issuer_mismatch: 'The issuer is not the one that the server names',
  insecure_issuer: 'The issuer is not an https URL',
  cors_metadata: 'The browser may not read the server metadata (CORS)',
  cors_token: 'The browser may not read responses of the token endpoint (CORS)',
  cors_userinfo: 'The browser may not read responses of the UserInfo endpoint (CORS)',
  cors_jwks: 'The browser may not read the key set (CORS)',
  endpoint_unreachable: 'An endpoint of the server does not respond as such',
  csp_blocks_request: 'The Content Security Policy of the app blocks requests to the server',
  csp_blocks_frame: 'The app may not show frames of the server',
  redirect_uri_not_registered: 'The redirect URI is not registered',
  redirect_uri_other_origin: 'The redirect URI is not on the origin of the app',
  client_unknown: 'The client ID is unknown',
  client_secret_required: 'The server requires a client secret',
  response_type_not_allowed: 'The response type is not allowed for this client',
  grant_not_allowed: 'The grant is not allowed for this client',
  scope_not_allowed: 'The scope is not allowed for this client',
  authorization_refused: 'The server refuses the authorization request',
  no_refresh_token: 'The session cannot be refreshed',
  callback_unreachable: 'The page at the redirect URI cannot be loaded',
  callback_loses_response: 'The page at the redirect URI loses the authorization response',
  callback_not_frameable: 'The page at the redirect URI may not be in a frame',
  third_party_cookies: 'Silent sign-in in a frame gets no cookies',
  opener_policy: 'The sign-in page cuts the connection to the window that opened it',
  clock_offset: 'The clocks differ',
  storage_blocked: 'The browser blocks storage',
  insecure_context: 'The page is not a secure context',
  jwks_unreachable: 'The key set of the server cannot be read',
  jwks_no_key: 'The key set has no key for the ID tokens of this client',
  jwks_private_key: 'The key set publishes private keys',
  algorithm_mismatch: 'The signature algorithm is not the registered one',
  several_copies: 'Several copies of the library are loaded',
  service_worker: 'A service worker handles the redirect URI',
  last_error: 'The last operation of the client failed',
}

/** What a code means for the app, and what to do in general. */
export interface FindingExplanation {
  readonly meaning: string
  readonly fix: string
}

/** For the page of the documentation. A finding itself says what was seen, and its texts name the addresses of the set-up. */
export const FINDING_EXPLANATIONS: Readonly<Record<FindingCode, FindingExplanation>> = {
  metadata_unreachable: {
    meaning:
      'No document with server metadata was found at the well-known paths of the issuer. Without it the client knows no endpoint, so no sign-in starts.',
    fix: 'Check the issuer: host, realm or tenant, upper and lower case. If the document is at another path, set `metadataUrl`. If the server has none, set `server` instead of `issuer`.',
  },
  metadata_invalid: {
    meaning: 'The document was read, but it lacks an endpoint that the flow needs, or a member has the wrong type.',
    fix: 'Correct the metadata at the server, or set `server` with the endpoints in the options of the client.',
  },
  issuer_mismatch: {
    meaning:
      'The `issuer` in the metadata differs from the one of the client, if only by a slash at the end. The client refuses such a server, because every token would be checked for the wrong issuer.',
    fix: 'Copy the issuer from the metadata, character for character. If the server names its internal address, set its public address there.',
  },
  insecure_issuer: {
    meaning:
      'The issuer is a plain `http` address that is not `localhost`. Anyone on the network can read and change what is sent.',
    fix: 'Serve the authorization server over https.',
  },
  cors_metadata: {
    meaning:
      'The browser sends the request but does not let the app read the response, because it lacks CORS headers for the origin of the app.',
    fix: 'Add the origin of the app to the allowed origins at the server. A wrong issuer looks the same in a browser, so check that first: `npx latchkey doctor` can tell the two apart.',
  },
  cors_token: {
    meaning: 'The app cannot read the token response, so each sign-in fails after the user has returned.',
    fix: 'Add the origin of the app to the allowed origins of the client. Some providers decide by the type of the client: register a single-page application.',
  },
  cors_userinfo: {
    meaning: '`useUserInfo()` and `client.userInfo()` fail in the browser. The sign-in itself works.',
    fix: 'Allow the origin of the app and the header `Authorization` at the UserInfo endpoint, or use the claims of the ID token.',
  },
  cors_jwks: {
    meaning: 'The app cannot read the keys, so it cannot check the signature of an ID token and refuses it.',
    fix: 'Allow all origins at the `jwks_uri`: the keys are public.',
  },
  endpoint_unreachable: {
    meaning: 'An address in the metadata does not respond, or responds with something else than the endpoint would.',
    fix: 'Check that the address in the metadata is the public one, and that a proxy in front of the server forwards its path.',
  },
  csp_blocks_request: {
    meaning: 'The Content Security Policy of the app forbids requests to the server.',
    fix: 'Add the origin of the server to `connect-src`: [Deploy](/guides/deploy#headers).',
  },
  csp_blocks_frame: {
    meaning: 'The Content Security Policy of the app forbids frames of the server, which silent sign-in in a frame needs.',
    fix: 'Add the origin of the server to `frame-src`, or use refresh tokens instead of frames: [Silent sign-in](/guides/silent-sign-in).',
  },
  redirect_uri_not_registered: {
    meaning:
      'The server knows the client, and does not send a response to this address. Servers compare the address character for character.',
    fix: 'Register the redirect URI of the app, or set `redirectUri` to the registered one. Default: the base address of the app, with a slash at the end.',
  },
  redirect_uri_other_origin: {
    meaning:
      'The app starts the sign-in at one origin and would receive the response at another. The browser keeps the started sign-in for the first one, so the response could not be matched.',
    fix: 'Open the app at the origin of the redirect URI, or set `redirectUri` to a page of the app. `localhost` and `127.0.0.1` are two origins.',
  },
  client_unknown: {
    meaning: 'The server has no client with this id.',
    fix: 'Copy the client id from the registration, and check that issuer and client belong to the same realm, tenant or user pool.',
  },
  client_secret_required: {
    meaning: 'The client is registered as a confidential one. A page cannot keep a secret, so its token requests are refused.',
    fix: 'Register a public client, often called single-page application. If the provider has none, use a [token proxy](/connect/token-proxy).',
  },
  response_type_not_allowed: {
    meaning: 'The registration of the client does not allow the `response_type` of the request.',
    fix: 'Allow the authorization code grant for the client, and omit the option `responseType`.',
  },
  grant_not_allowed: {
    meaning: 'The token endpoint refuses the grant `authorization_code` for this client.',
    fix: 'Allow the authorization code grant for the client at the server.',
  },
  scope_not_allowed: {
    meaning: 'The request contains a scope that the server does not know or does not allow for the client.',
    fix: 'Allow the scope for the client, or remove it from `scope`. Google and Cognito know no `offline_access`.',
  },
  authorization_refused: {
    meaning: 'The server refuses the request, and the reason is not one that the doctor recognizes.',
    fix: 'Read the text that the finding quotes, and look in the log of the server.',
  },
  no_refresh_token: {
    meaning:
      'The client gets no refresh token, or may not use one. When the access token expires, the user has to sign in again.',
    fix: 'Allow the grant `refresh_token` for the client. Many servers issue one only if the scope contains `offline_access`.',
  },
  callback_unreachable: {
    meaning: 'The web server of the app has no page at the redirect URI, so the browser would show an error after the sign-in.',
    fix: 'Have the web server send the app for this path (often called fallback or rewrite): [Deploy](/guides/deploy).',
  },
  callback_loses_response: {
    meaning: 'The page at the redirect URI redirects to an address without the query, in which the authorization response is.',
    fix: 'Register the address after the redirect, or stop the redirect. Frequent causes: a slash at the end, `www`, and http to https.',
  },
  callback_not_frameable: {
    meaning: 'The page at the redirect URI forbids frames. Silent sign-in in a frame ends there.',
    fix: "Allow the own origin with `frame-ancestors 'self'`. Without silent sign-in in a frame you can ignore this.",
  },
  third_party_cookies: {
    meaning:
      'The app and the server are on different sites. Browsers block cookies in such frames, so the server sees no user who is signed in.',
    fix: 'Use refresh tokens, or a domain of the server below the domain of the app.',
  },
  opener_policy: {
    meaning:
      'The server sends a Cross-Origin-Opener-Policy. The popup of Latchkey works with it. Other code cannot use `window.opener`, and `popup.closed` is true while the popup is open.',
    fix: 'Nothing, for Latchkey: [Popup](/guides/popup).',
  },
  clock_offset: {
    meaning: 'The clock of this device differs from that of the server, or an ID token was refused because of its times.',
    fix: 'Set the clocks by NTP. The option `clockTolerance` allows a difference; default: 30 seconds.',
  },
  storage_blocked: {
    meaning: 'The browser offers no IndexedDB to this page. The session is in memory, and ends with the page.',
    fix: 'Allow site data for the app, or leave the private window. In a frame of another site, the browser may always block it.',
  },
  insecure_context: {
    meaning:
      'The page is open at a plain `http` address that is not `localhost`. There, browsers give pages no cryptography, which PKCE and stored tokens need.',
    fix: 'Serve the app over https, and open it at `http://localhost` in development.',
  },
  jwks_unreachable: {
    meaning: 'The keys at the `jwks_uri` cannot be loaded, so no ID token can be checked.',
    fix: 'Check that the address is public and responds with a JSON Web Key Set.',
  },
  jwks_no_key: {
    meaning: 'No key of the set fits the algorithm or the key id of the ID tokens. They are refused.',
    fix: 'Publish the key that signs, former keys too while their tokens are valid. Or set `idTokenSignedResponseAlg` to the algorithm of a published key.',
  },
  jwks_private_key: {
    meaning: 'The key set contains the private part of keys. Anyone can sign tokens as this server.',
    fix: 'Replace these keys now, and publish public members only.',
  },
  algorithm_mismatch: {
    meaning:
      'The server signs ID tokens with another algorithm than the client expects. The client never takes the algorithm from the token.',
    fix: 'Set `idTokenSignedResponseAlg` to the algorithm that is registered for the client, or register RS256.',
  },
  several_copies: {
    meaning:
      'Two versions or copies of the library are in one app. They do not share sessions and locks, and hooks may not find the provider.',
    fix: 'Install one version: `npm dedupe`, and `resolve.dedupe` in Vite.',
  },
  service_worker: {
    meaning: 'A service worker handles navigations to the redirect URI, or a cache contains an address with a code.',
    fix: 'Let the service worker pass navigations with `code` or `state` in the query to the network.',
  },
  last_error: {
    meaning: 'Reported by `diagnose(client)` only: the error that the last operation of the client has raised.',
    fix: 'Follow its hint, and look its code up in [Error codes](/reference/errors).',
  },
}
