import { ADDRESS_REASONS } from './address-reasons.js'
import { ID_TOKEN_REASONS } from './id-token-reasons.js'
import type {
  AuthorizationReasons,
  Reason,
  ReasonTexts,
  RequestReasons,
  ResponseReasons,
  ServerReasons,
  SignInReasons,
  TextsOf,
  TokenReasons,
} from './reasons.js'

const TAMPERED = 'The response may have been tampered with: nothing of it is used.'

const quotedError = (error: string, description: string | undefined): string =>
  `"${error}"${description ? `: ${description}` : ''}`

/** Of options and of authorization requests. */
const REQUEST_REASONS: TextsOf<RequestReasons> = {
  ownParameter: (name, option) => ({
    message: `"${name}" cannot be given in "${option}".`,
    hint: 'Use the option of that name, or the compliance hook of the request.',
    spec: 'RFC 6749, section 4.1',
  }),
  credentials: () => ({ message: '"headers" contains "authorization".', hint: 'Use "clientAuth" for credentials.' }),
  redirectUri: (scheme) => ({
    message: `"redirectUri" is ${scheme ? `a ${scheme} URL` : 'not an absolute URL'}: no server redirects there.`,
    hint: 'Serve the app over https or on localhost, or pass the URL that is registered for it.',
    spec: 'RFC 6749, section 3.1.2',
  }),
  redirectFragment: () => ({ message: '"redirectUri" has a fragment.', hint: 'Remove it.', spec: 'RFC 6749, section 3.1.2' }),
  emptyNonce: () => ({ message: '"nonce" is empty: expected a random string.' }),
  changedState: () => ({
    message: 'The compliance hook "authorizationRequest" changed "state".',
    hint: 'Keep "state": the response is found by it.',
  }),
  claimsNotJson: () => ({
    message: 'The parameter "claims" is not JSON.',
    hint: 'Give it as JSON.stringify({ id_token: { … }, userinfo: { … } }).',
    spec: 'OpenID Connect Core 1.0, section 5.5',
  }),
  notMade: ({ message }) => ({
    message: `The request could not be made: ${message}`,
    hint: 'Check the compliance hooks, "clientAuth" and "params" that were given to the client.',
  }),
  notListed: (origin) => ({ message: `No access token is sent to this URL at ${origin}: it is not among "resources".` }),
  storageFailed: (cause) => ({ message: `The storage failed: ${cause}.` }),
}

/** Of the steps of a sign-in. */
const SIGN_IN_REASONS: TextsOf<SignInReasons> = {
  callbackUrl: () => ({
    message: 'The callback URL is not a URL.',
    hint: 'Pass the address at which the response arrived, such as location.href.',
  }),
  ownRequest: (address) => ({
    message: `${address} has the "state" of an authorization request, but neither "code" nor "error": it is not an authorization response.`,
    hint: 'Likely the navigation fallback of a service worker (or of a web server) served the app instead of the authorization server. Exclude the paths of the authorization server from it, such as with navigateFallbackDenylist of Workbox.',
  }),
  redirectLoop: (count) => ({
    message: `Stopped after ${count} sign-ins within a minute that ended without a session.`,
    hint: 'Likely causes: the redirect URI opens a page that starts a sign-in before the response is handled; storage is blocked so that no transaction survives; or the API refuses every token and the app signs in again. After a minute a sign-in is allowed again.',
  }),
  noPage: () => ({
    message: 'There is no page to return to: "redirectUri" is missing, or a path.',
    hint: 'Pass an absolute redirectUri in the options of the client or of login().',
    spec: 'RFC 6749, section 3.1.2',
  }),
  stateNotStored: () => ({
    message: 'The redirect was not started: this browser stores nothing that the page could read afterwards.',
    hint: 'Allow site data or free some of it; or sign in by popup, which does not leave the page. Private windows, full disks and blocked site data cause this.',
  }),
  late: (reason) => ({ message: `The authorization response is too late: ${reason}.` }),
  unknownState: (error, description) => ({
    message: error
      ? `The authorization response has no "state". It says (not verified): ${[error, description].filter(Boolean).join(': ')}.`
      : 'No request of this browser has the "state" of the authorization response.',
  }),
  nestedFrame: () => ({
    message: 'This page is in the hidden frame of a silent sign-in, where no other sign-in is started.',
    hint: 'The redirect URI shows a page that starts a sign-in. Pass a page with Latchkey’s callback as "redirectUri".',
  }),
  transport: (name, missing) => ({ message: `Transport "${name}" needs a ${missing}.` }),
}

/** Of server metadata and keys. */
const SERVER_REASONS: TextsOf<ServerReasons> = {
  ...ADDRESS_REASONS,
  noIssuerOption: () => ({
    message: 'Neither "issuer" nor "server" is given.',
    hint: 'Give the issuer URL of the authorization server, or its metadata as "server".',
  }),
  /** Names the addresses that were tried: the issuer alone does not show them. */
  tried: (addresses, { message, hint, spec }) => ({
    message: `Tried ${addresses.join(' and ')}. ${message}`,
    hint,
    spec,
  }),
  noIssuer: () => ({
    message: 'The server metadata has no "issuer".',
    hint: 'Check "issuer": its well-known address does not return server metadata.',
  }),
  otherIssuer: (received, expected) => ({
    message: `The server metadata is for issuer "${received}", not "${expected}".`,
    spec: 'OpenID Connect Discovery 1.0, section 4.3; RFC 8414, section 3.3',
  }),
  noJwksUri: () => ({
    message: 'Missing "jwks_uri" in the server metadata, so no signature can be checked.',
    hint: 'Give "jwks_uri" or "jwks" in "server", or request a scope without "openid".',
    spec: 'OpenID Connect Discovery 1.0, section 3',
  }),
  noKeys: () => ({ message: 'The server\'s key set has no "keys".' }),
  unknownKey: () => ({
    message: 'The server\'s key set has no single key for the ID token\'s "kid" and "alg".',
    hint: 'The server signed with a key that it does not publish (or publishes twice): check its "jwks_uri".',
    spec: 'OpenID Connect Core 1.0, section 10.1',
  }),
}

/** Of authorization responses. */
const AUTHORIZATION_REASONS: TextsOf<AuthorizationReasons> = {
  otherState: () => ({
    message: 'The "state" of the authorization response is not that of the request.',
    hint: 'The response belongs to another attempt, or was forged: sign in again.',
  }),
  noCode: () => ({ message: 'The authorization response has no "code".' }),
  foreignParameter: (name) => ({
    message: `The authorization response has "${name}", which was not requested.`,
    hint: TAMPERED,
    spec: 'RFC 6749, section 4.1.2',
  }),
  responseIssuer: (received, expected) => ({
    message: `The "iss" of the authorization response is ${received === undefined ? `missing: expected "${expected}"` : `"${received}", not "${expected}"`}.`,
  }),
  repeated: (name) => ({
    message: `The authorization response repeats "${name}".`,
    hint: TAMPERED,
    spec: 'RFC 6749, section 3.1',
  }),
  authorizationError: (error, description) => ({
    message: `The authorization server returned the error ${quotedError(error, description)}`,
  }),
}

/** Of responses in general. */
const RESPONSE_REASONS: TextsOf<ResponseReasons> = {
  /** With the message of another error. */
  like: ({ message }) => ({ message }),
  failedStatus: (name, status) => ({ message: `The ${name} responded with status ${status}.` }),
  serverError: (name, error, description) => ({
    message: `The ${name} returned the error ${quotedError(error, description)}`,
    spec: 'RFC 6749, section 5.2',
  }),
  mediaType: (name, contentType, hook = 'tokenResponse') => ({
    message: `The ${name} responded with JSON as ${mediaTypeOf(contentType)}: expected application/json.`,
    hint: `The server must send the right media type. For a server that does not, correct it in the compliance hook "${hook}".`,
  }),
  unexpectedBody: (name, response, isJson) => ({
    message: `The ${name} responded with status ${response.status} and ${isJson ? 'JSON with neither a result nor "error"' : `${mediaTypeOf(response.headers.get('content-type'))}, which is not a JSON object`}.`,
    hint: `Check ${name === 'server metadata' ? '"issuer" (or "metadataUrl") for a typing error' : `that the URL is that of the ${name}`}; a proxy or a single-page app may respond there instead.`,
  }),
  redirect: (name) => ({
    message: `The ${name} responded with a redirect, which is not followed.`,
    hint: 'Check the URL in the server metadata; something in front of the server redirects it.',
  }),
  tooLong: (name, bytes) => ({
    message: `The ${name} responded with more than ${bytes} bytes.`,
    hint: `Check that the URL is that of the ${name}: its responses are never that long.`,
  }),
  noComplianceHook: (name, hooks) => ({
    message: `There is no compliance hook "${name}".`,
    hint: `The hooks are: ${hooks.join(', ')}.`,
  }),
  unreadableMode: (mode) =>
    mode === 'web_message'
      ? {
          message: 'The response mode "web_message" is not supported.',
          hint: 'Responses by postMessage need a live opener, which servers cut off (COOP). Use transport "popup" or "iframe" with "query".',
          spec: 'OAuth 2.0 Web Message Response Mode (draft-sakimura-oauth-wmrm-01)',
        }
      : {
          message: `The response mode "${mode}" cannot be used in a browser.`,
          hint: 'The response is posted to a server; a page in the browser cannot read it. Use "query", "fragment" or their "jwt" variants.',
          spec: 'OAuth 2.0 Form Post Response Mode, section 2',
        },
  movedCallback: (address, redirectUri) => ({
    message: `The response arrived at ${address}, but the redirect URI of the request is ${redirectUri}.`,
    hint: 'Nothing was sent: the response may come from another server than the request went to (mix-up attack). If your own server or proxy changes the address, set "redirectUri" to the address that the response arrives at, or pass the public address.',
    spec: 'RFC 9700, section 4.4.2.2',
  }),
  abortedRequest: (name) => ({ message: `The request to the ${name} was aborted.` }),
  timedOut: (name, seconds) => ({ message: `The ${name} did not respond within ${seconds} s.` }),
  unreachable: (name) => ({ message: `The ${name} could not be reached.` }),
  brokenSpec: ({ message }) => ({
    message,
    hint: 'The server breaks the specification: nothing of its response is used. A compliance hook can correct it.',
  }),
}

/** Of token responses. */
const TOKEN_REASONS: TextsOf<TokenReasons> = {
  tokenType: (type) => ({ message: `The server issued a token of type "${type.slice(0, 40)}".` }),
  notBound: (type) => ({
    message: `The token has type "${type.slice(0, 40)}": expected "DPoP".`,
    hint: 'Turn DPoP on for this client at the server, or set "dpop: true" to accept tokens that are not bound.',
    spec: 'RFC 9449, section 5',
  }),
  noMember: (name, hook) => ({
    message: `The token response has no "${name}".`,
    hint: `The server must send "${name}"; the compliance hook "${hook}" can add it.`,
  }),
  notText: (name, hook) => ({
    message: `"${name}" in the token response is not a string.`,
    hint: `The server must send a string here; the compliance hook "${hook}" can correct it.`,
  }),
}

const REASONS = {
  ...REQUEST_REASONS,
  ...SIGN_IN_REASONS,
  ...SERVER_REASONS,
  ...AUTHORIZATION_REASONS,
  ...RESPONSE_REASONS,
  ...TOKEN_REASONS,
  ...ID_TOKEN_REASONS,
}

/** @returns the texts of the throw site */
export function textsOf([key, ...facts]: Reason): ReasonTexts {
  // The type of a reason guarantees that its facts are those of its key.
  return (REASONS[key] as (...all: readonly unknown[]) => ReasonTexts)(...facts)
}

function mediaTypeOf(contentType: string | null): string {
  return contentType?.split(';')[0] ?? 'no content type'
}
