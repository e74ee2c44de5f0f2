import type { ErrorCode, ValidationErrorCode } from './error-codes.js'
import {
  ConfigurationError,
  EnvironmentError,
  type ErrorDetails,
  type ErrorOf,
  InteractionError,
  NetworkError,
  type OAuthClientError,
  ServerError,
  SessionError,
  ValidationError,
} from './errors.js'
import type { Reason } from './reasons.js'

/** The class of each code except those of `ValidationError`. `code-texts.ts` names the same class for the documentation. */
const CLASSES = {
  configuration: ConfigurationError,
  unsupported: ConfigurationError,
  insecure_context: ConfigurationError,
  resource_not_allowed: ConfigurationError,
  invalid_return_to: ConfigurationError,
  network: NetworkError,
  timeout: NetworkError,
  offline: NetworkError,
  rate_limited: NetworkError,
  server_error: NetworkError,
  module_load_failed: NetworkError,
  authorization_error: ServerError,
  token_error: ServerError,
  invalid_grant: ServerError,
  userinfo_error: ServerError,
  revocation_error: ServerError,
  introspection_error: ServerError,
  aborted: InteractionError,
  popup_blocked: InteractionError,
  popup_closed: InteractionError,
  interaction_required: InteractionError,
  iframe_blocked: InteractionError,
  redirect_loop: InteractionError,
  account_limit: InteractionError,
  missing_token: SessionError,
  token_invalid: SessionError,
  storage: EnvironmentError,
  reload_required: EnvironmentError,
  unexpected: EnvironmentError,
} satisfies Record<Exclude<ErrorCode, ValidationErrorCode>, unknown>

type ErrorConstructor<Code extends ErrorCode> = new (code: Code, seen?: string, details?: ErrorDetails) => ErrorOf<Code>

const reasons = new WeakMap<OAuthClientError, Reason>()

/**
 * Creates the error of a code, as an instance of that code's class.
 *
 * @param seen what was expected and what was received, without anything secret: as text, or as a reason whose texts are loaded when the
 *   error is explained. Default: the message of the code
 * @param details texts that are more exact than those of the code, the server's own error, and the cause
 */
export function createError<Code extends ErrorCode>(code: Code, seen?: string | Reason, details?: ErrorDetails): ErrorOf<Code> {
  const classes: Partial<Record<ErrorCode, unknown>> = CLASSES
  const ErrorClass = (classes[code] ?? ValidationError) as ErrorConstructor<Code>
  if (typeof seen !== 'object') return new ErrorClass(code, seen, details)
  const error = new ErrorClass(code, undefined, details)
  reasons.set(error, seen)
  return error
}

/** @returns why an error was created, if its throw site left the texts to `reason-texts.ts` */
export function reasonOf(error: OAuthClientError): Reason | undefined {
  return reasons.get(error)
}
