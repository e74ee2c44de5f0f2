/**
 * Every code an error of this library can carry. Codes are stable: a new failure gets a new code, an old one keeps its own.
 * The table in the package's README says for each what to check and how to mend it.
 */
export type ErrorCode =
  // how the client was set up
  | 'configuration'
  | 'unsupported'
  | 'insecure_context'
  // the way to the server
  | 'network'
  | 'timeout'
  | 'offline'
  | 'rate_limited'
  | 'server_error'
  | 'aborted'
  | 'module_load_failed'
  | 'unexpected'
  // server metadata and keys
  | 'invalid_metadata'
  | 'issuer_mismatch'
  | 'invalid_jwks'
  // authorization response
  | 'authorization_error'
  | 'mismatching_state'
  | 'missing_code'
  | 'missing_token'
  | 'missing_token_type'
  | 'unsupported_token_type'
  // token and other endpoint responses
  | 'token_error'
  | 'invalid_grant'
  | 'invalid_response'
  | 'invalid_id_token'
  | 'invalid_claims'
  | 'token_invalid'
  | 'userinfo_error'
  | 'revocation_error'
  | 'introspection_error'
  // protected resources and return addresses
  | 'resource_not_allowed'
  | 'invalid_return_to'
  // the person and the browser
  | 'popup_blocked'
  | 'popup_closed'
  | 'interaction_required'
  | 'iframe_blocked'
  | 'redirect_loop'
  | 'storage'

/** What an {@link OAuthClientError} is made of. */
export interface ErrorDetails {
  /** What to do about it, in one sentence. */
  readonly hint?: string
  /** The section of the specification that was broken, such as `RFC 6749, section 10.12`. */
  readonly spec?: string
  /** The server's own `error` code. */
  readonly error?: string | undefined
  /** The server's own `error_description`. */
  readonly errorDescription?: string | undefined
  /** The server's own `error_uri`. */
  readonly errorUri?: string | undefined
  /** HTTP status of the answer, where there was one. */
  readonly status?: number | undefined
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean
  /** Seconds to wait before the next try, from the server's `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/**
 * Base of every failure this library reports. Holds no token, code, verifier or secret.
 * Switch on `code`; show `message` and `hint` to a developer.
 */
export class OAuthClientError extends Error {
  // Said outright, since minifiers rename classes.
  override readonly name: string = 'OAuthClientError'
  readonly code: ErrorCode
  declare readonly hint: string | undefined
  declare readonly spec: string | undefined
  declare readonly error: string | undefined
  declare readonly errorDescription: string | undefined
  declare readonly errorUri: string | undefined
  declare readonly status: number | undefined
  readonly retryable: boolean = false
  declare readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, message: string, { cause, ...details }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    Object.assign(this, details)
  }
}

/** The client was set up or called wrongly: change the code. */
export class ConfigurationError extends OAuthClientError {
  override readonly name = 'ConfigurationError'
}

/** The server could not be reached, or answered that it cannot serve now. The session is kept. */
export class NetworkError extends OAuthClientError {
  override readonly name = 'NetworkError'
}

/** The authorization server answered with an `error` of its own. */
export class ServerError extends OAuthClientError {
  override readonly name = 'ServerError'
}

/** A response broke a rule of the specification and was thrown away whole. */
export class ValidationError extends OAuthClientError {
  override readonly name = 'ValidationError'
}

/** The person or the browser stopped a sign-in: a closed or blocked popup, a loop, a sign-in that needs a page. */
export class InteractionError extends OAuthClientError {
  override readonly name = 'InteractionError'
}

/** There is no token that could be used or renewed. */
export class SessionError extends OAuthClientError {
  override readonly name = 'SessionError'
}
