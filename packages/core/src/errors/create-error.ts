import type { ErrorCode, ValidationErrorCode } from './error-codes.js'
import {
  ConfigurationError,
  EnvironmentError,
  type ErrorDetails,
  type ErrorOf,
  InteractionError,
  NetworkError,
  ServerError,
  SessionError,
  ValidationError,
} from './errors.js'

/** The class of each code except those of `ValidationError`. The error catalog names the same class for the documentation. */
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
  missing_token: SessionError,
  token_invalid: SessionError,
  storage: EnvironmentError,
  reload_required: EnvironmentError,
  unexpected: EnvironmentError,
} satisfies Record<Exclude<ErrorCode, ValidationErrorCode>, unknown>

type ErrorConstructor<Code extends ErrorCode> = new (code: Code, seen?: string, details?: ErrorDetails) => ErrorOf<Code>

/**
 * Creates the error of a code, as an instance of that code's class.
 *
 * @param seen what was expected and what was received, without anything secret. Default: the catalog's message
 * @param details texts that are more exact than the catalog's, the server's own error, and the cause
 */
export function createError<Code extends ErrorCode>(code: Code, seen?: string, details?: ErrorDetails): ErrorOf<Code> {
  const classes: Partial<Record<ErrorCode, unknown>> = CLASSES
  return new ((classes[code] ?? ValidationError) as ErrorConstructor<Code>)(code, seen, details)
}
