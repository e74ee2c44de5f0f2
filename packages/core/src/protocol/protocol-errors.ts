import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { type ErrorDetails, type NetworkError, OAuthClientError } from '../errors/errors.js'

/** What is asked of the server, for messages and for the codes its failures get. */
export interface Purpose {
  /** As it reads in a message: `token endpoint`. */
  readonly name: string
  /** Code for an answer that is not what the specification says. */
  readonly invalid: ErrorCode
  /** Code for an answer in which the server says `error`. */
  readonly refused: ErrorCode
  readonly spec: string
  /** What the answer has to be sent as, where the specification insists. */
  readonly mediaType?: RegExp
}

export const tokenEndpoint: Purpose = {
  name: 'token endpoint',
  invalid: 'invalid_response',
  refused: 'token_error',
  spec: 'RFC 6749, section 5.1',
  mediaType: /^application\/(?:[\w.-]+\+)?json\b/i,
}

// A Map, since `error` is the server's text: a lookup of "constructor" in an object would find something.
const serverErrorHints: ReadonlyMap<string, string> = new Map([
  [
    'invalid_grant',
    'The code, refresh token, assertion or password is wrong, used up, expired, revoked or for another client: sign in again.',
  ],
  ['invalid_client', 'Check "clientId" and "clientAuth": the server expects another way of client authentication.'],
  ['unauthorized_client', 'Allow this grant and response type for the client at the authorization server.'],
  ['unsupported_grant_type', 'Allow this grant at the authorization server.'],
  ['unsupported_response_type', 'Choose a "responseType" that the server allows for this client.'],
  ['invalid_scope', 'Ask only for a "scope" that the server knows and allows for this client.'],
  ['invalid_target', 'Register the resource indicators in "resources" at the authorization server.'],
  ['invalid_request', 'Compare the redirect URI and the parameters with the registration of the client.'],
  ['access_denied', 'The person or the server refused; offer to sign in again.'],
  ['login_required', 'Nobody is signed in at the server: call login() without prompt "none".'],
  ['consent_required', 'The person has to agree first: call login() without prompt "none".'],
  ['interaction_required', 'The server has to show a page: call login() without prompt "none".'],
  ['invalid_token', 'The access token is expired, revoked or for something else: sign in again.'],
  ['insufficient_scope', 'Sign in with the "scope" that is asked for.'],
  ['temporarily_unavailable', 'The server cannot serve now: try again later.'],
])

/** What to do about an `error` code of the server. */
export function hintForServerError(error: string): { readonly hint: string } {
  return { hint: serverErrorHints.get(error) ?? "An error of the server's own: its documentation says what it means." }
}

/** The server's own words, cut to a length and without anything that could be a token. */
export interface ServerWords {
  readonly error?: string | undefined
  readonly errorDescription?: string | undefined
  readonly errorUri?: string | undefined
}

/** @param secrets what was sent and must not come back in a message */
export function serverWords(get: (name: string) => unknown, secrets: readonly string[] = []): ServerWords {
  const words = (name: string): string | undefined => {
    const value = get(name)
    return typeof value === 'string' && value !== '' ? withoutSecrets(value, secrets) : undefined
  }
  return { error: words('error'), errorDescription: words('error_description'), errorUri: words('error_uri') }
}

/** Replaces what was sent, and what is too long and too random to be a word, by an ellipsis. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length > 7).reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
  return known
    .replace(/[\w~+-]{40,}|\beyJ[\w.-]+/g, '…')
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 500)
}

/** An answer of 500 and above, or 429: the server cannot serve now, which says nothing about the session. */
export function unavailable(purpose: Purpose, response: Response, details: ErrorDetails = {}): NetworkError {
  const limited = response.status === 429
  return createError(limited ? 'rate_limited' : 'server_error', `${purpose.name} answered with status ${response.status}`, {
    hint: limited ? 'Too many requests: wait before the next try.' : 'The server failed: try again later.',
    spec: limited ? 'RFC 6585, section 4' : 'RFC 9110, section 15.6',
    ...details,
    status: response.status,
    retryable: true,
    retryAfterSeconds: retryAfterSeconds(response.headers),
  })
}

/** An `error` of the server, in a response with a body. @see RFC 6749, section 5.2 */
export function refused(purpose: Purpose, status: number, words: ServerWords & { readonly error: string }): OAuthClientError {
  const code: ErrorCode = purpose.refused === 'token_error' && words.error === 'invalid_grant' ? 'invalid_grant' : purpose.refused
  const description = words.errorDescription ? `: ${words.errorDescription}` : ''
  return createError(code, `${purpose.name} answered "${words.error}"${description}`, {
    ...words,
    ...hintForServerError(words.error),
    spec: 'RFC 6749, section 5.2',
    status,
  })
}

/** Seconds from `Retry-After`, which is a number of seconds or a date. @see RFC 9110, section 10.2.3 */
function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) {
    return undefined
  }
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

/**
 * What may be kept of a foreign error as `cause`: its name, message and code. oauth4webapi keeps whole response bodies and
 * tokens in its causes, and a JSON SyntaxError quotes the text it stumbled over.
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof SyntaxError) {
    return new Error(error instanceof Error ? error.name : 'something that is not an Error was thrown')
  }
  const reason = codeOf(error.cause)
  const cause = new Error(reason === undefined ? error.message : `${error.message} (${reason})`)
  cause.name = error.name
  return cause
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Runs a protocol operation; anything it throws becomes an error of this library. */
export async function withClientErrors<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw toClientError(error)
  }
}

/** Converts anything thrown below (a hook of the app, oauth4webapi, WebCrypto) to an error of this library. */
export function toClientError(error: unknown): OAuthClientError {
  if (error instanceof OAuthClientError) {
    return error
  }
  const cause = safeCause(error)
  if (codeOf(error)?.startsWith('OAUTH_')) {
    return createError('invalid_response', cause.message, {
      hint: 'The server breaks the specification here: nothing of its answer is used. A compliance hook can mend it.',
      cause,
    })
  }
  return createError('configuration', `the request could not be made: ${cause.message}`, {
    hint: 'Check the compliance hooks, "clientAuth" and "params" that were given to the client.',
    cause,
  })
}
