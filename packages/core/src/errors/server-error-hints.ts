/** What to do about an `error` of the server. A Map, since `error` is the server's text: an object would find "constructor". */
export const SERVER_ERROR_HINTS: ReadonlyMap<string, string> = new Map([
  [
    'invalid_grant',
    'The code, refresh token, assertion or password is wrong, used, expired, revoked or issued to another client. Sign in again.',
  ],
  ['invalid_client', 'Check "clientId" and "clientAuth": the server expects another client authentication.'],
  [
    'unauthorized_client',
    'Allow this grant and response type for the client at the server. The client of a page must have no secret.',
  ],
  ['unsupported_grant_type', 'Allow this grant at the server.'],
  ['unsupported_response_type', 'Request a "responseType" that the server allows for this client.'],
  ['invalid_scope', 'Request only a "scope" that the server allows for this client; in "resources", one of the sign-in.'],
  ['invalid_target', 'Register the resource indicators in "resources" at the server.'],
  ['invalid_request', 'Compare the redirect URI and parameters with the registration of the client.'],
  ['access_denied', 'The user or the server refused. Offer to sign in again.'],
  ['login_required', 'No user is signed in at the server: call login() without prompt "none".'],
  ['consent_required', 'The user has to agree first: call login() without prompt "none".'],
  ['interaction_required', 'The server has to show a page: call login() without prompt "none".'],
  ['invalid_token', 'The access token is expired, revoked or for another resource. Sign in again.'],
  ['insufficient_scope', 'Sign in with the "scope" that the resource requires.'],
  ['temporarily_unavailable', 'Try again later.'],
])
