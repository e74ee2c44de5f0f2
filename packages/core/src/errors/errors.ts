import type {
  ConfigurationErrorCode,
  EnvironmentErrorCode,
  ErrorCode,
  InteractionErrorCode,
  NetworkErrorCode,
  ServerErrorCode,
  SessionErrorCode,
  ValidationErrorCode,
} from './error-codes.js'

/** One claim that a server demands. @see OpenID Connect Core 1.0, section 5.5.1 */
type RequiredClaim = {
  readonly essential?: boolean | undefined
  readonly value?: unknown
  readonly values?: readonly unknown[] | undefined
} | null

/** The claims that a token must have, as the option `claims` of `login()` takes them. */
export interface RequiredClaims {
  readonly access_token?: Readonly<Record<string, RequiredClaim>> | undefined
  readonly id_token?: Readonly<Record<string, RequiredClaim>> | undefined
  readonly userinfo?: Readonly<Record<string, RequiredClaim>> | undefined
}

/** What an {@link OAuthClientError} is made of. */
export interface ErrorDetails {
  /** What to do about it, in one sentence. The message ends with it. Default: the hint of its code. */
  readonly hint?: string | undefined
  /** The section that was broken, such as `RFC 6749, section 10.12`. Default: the section of its code. */
  readonly spec?: string | undefined
  /** The server's own `error` code. */
  readonly error?: string | undefined
  /** The server's own `error_description`. */
  readonly errorDescription?: string | undefined
  /** The server's own `error_uri`, if it is an http or https URL. */
  readonly errorUri?: string | undefined
  /**
   * The claims that the server demands (claims challenge), such as a second factor for one resource. Sign in with them:
   * `login({ claims: error.claims })`.
   */
  readonly claims?: RequiredClaims | undefined
  /** HTTP status of the response, if there was one. */
  readonly status?: number | undefined
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable?: boolean | undefined
  /** Seconds to wait before the next try, from the server's `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined
  /** The path on this origin where the failed sign-in started, if the failure is that of an authorization response. */
  readonly returnTo?: string | undefined
  readonly cause?: unknown
}

/**
 * Base of every failure that this library reports. Contains no token, code, verifier or secret.
 * Switch on `code`; show `message`, which ends with `hint`, to a developer.
 */
export class OAuthClientError extends Error {
  // Set explicitly: minifiers rename classes.
  override readonly name: string = 'OAuthClientError'
  readonly code: ErrorCode
  declare readonly hint: string | undefined
  declare readonly spec: string | undefined
  declare readonly error: string | undefined
  declare readonly errorDescription: string | undefined
  declare readonly errorUri: string | undefined
  declare readonly claims: RequiredClaims | undefined
  declare readonly status: number | undefined
  readonly retryable: boolean = false
  declare readonly retryAfterSeconds: number | undefined
  declare readonly returnTo: string | undefined

  /**
   * @param code names the failure
   * @param seen what was expected and what was received. Default: the message of its code
   * @param details overrides of those texts, the server's own error, and the cause
   */
  constructor(code: ErrorCode, seen?: string, { cause, ...details }: ErrorDetails = {}) {
    const { hint } = details
    // An uncaught error shows its message only, so the hint is part of it. A message that was copied from an error has it already.
    const message = hint && seen && !seen.endsWith(hint) ? seen.replace(/\.?$/, '. ') + hint : (seen ?? code)
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    Object.assign(this, details)
  }
}

/** The client was set up or called wrongly: change the code of the app. */
export class ConfigurationError extends OAuthClientError {
  override readonly name = 'ConfigurationError'
  declare readonly code: ConfigurationErrorCode
}

/** The server could not be reached or cannot serve now. The session is kept. */
export class NetworkError extends OAuthClientError {
  override readonly name = 'NetworkError'
  declare readonly code: NetworkErrorCode
}

/** The authorization server refused the request, or one of its optional endpoints cannot be used. */
export class ServerError extends OAuthClientError {
  override readonly name = 'ServerError'
  declare readonly code: ServerErrorCode
}

/** A response broke a rule of its specification. Nothing of it is used. */
export class ValidationError extends OAuthClientError {
  override readonly name = 'ValidationError'
  declare readonly code: ValidationErrorCode
}

/** The user, the browser or the app stopped the request: a closed or blocked popup, an abort, a redirect loop. */
export class InteractionError extends OAuthClientError {
  override readonly name = 'InteractionError'
  declare readonly code: InteractionErrorCode
}

/** No token can be used or refreshed. */
export class SessionError extends OAuthClientError {
  override readonly name = 'SessionError'
  declare readonly code: SessionErrorCode
}

/** Something outside the protocol failed: the browser's storage, or a function that was passed to the client. */
export class EnvironmentError extends OAuthClientError {
  override readonly name = 'EnvironmentError'
  declare readonly code: EnvironmentErrorCode
}

/** Every error of this library. A `switch` on `code` narrows it to its class. */
export type AnyOAuthClientError =
  | ConfigurationError
  | NetworkError
  | ServerError
  | ValidationError
  | InteractionError
  | SessionError
  | EnvironmentError

/** The class of the errors with a code. */
export type ErrorOf<Code extends ErrorCode> = Code extends ConfigurationErrorCode
  ? ConfigurationError
  : Code extends NetworkErrorCode
    ? NetworkError
    : Code extends ServerErrorCode
      ? ServerError
      : Code extends ValidationErrorCode
        ? ValidationError
        : Code extends InteractionErrorCode
          ? InteractionError
          : Code extends SessionErrorCode
            ? SessionError
            : EnvironmentError
