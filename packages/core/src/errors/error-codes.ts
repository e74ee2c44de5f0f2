/** Codes of a {@link ConfigurationError}: the client was set up or called wrongly. */
export type ConfigurationErrorCode =
  | 'configuration'
  | 'unsupported'
  | 'insecure_context'
  | 'resource_not_allowed'
  | 'invalid_return_to'

/** Codes of a {@link NetworkError}: the server, or a file of the app, could not be reached or cannot serve now. */
export type NetworkErrorCode = 'network' | 'timeout' | 'offline' | 'rate_limited' | 'server_error' | 'module_load_failed'

/** Codes of a {@link ServerError}: the server responded with an `error`. */
export type ServerErrorCode =
  | 'authorization_error'
  | 'token_error'
  | 'invalid_grant'
  | 'userinfo_error'
  | 'revocation_error'
  | 'introspection_error'

/** Codes of a {@link ValidationError}: a response broke a rule of its specification. */
export type ValidationErrorCode =
  | 'invalid_metadata'
  | 'issuer_mismatch'
  | 'invalid_jwks'
  | 'mismatching_state'
  | 'missing_code'
  | 'missing_token_type'
  | 'unsupported_token_type'
  | 'invalid_response'
  | 'invalid_id_token'
  | 'invalid_claims'
  | 'account_mismatch'
  | 'organization_mismatch'

/** Codes of an {@link InteractionError}: the user, the browser or the app stopped a request. */
export type InteractionErrorCode =
  | 'aborted'
  | 'popup_blocked'
  | 'popup_closed'
  | 'interaction_required'
  | 'iframe_blocked'
  | 'redirect_loop'
  | 'account_limit'

/** Codes of a {@link SessionError}: no token can be used or refreshed. */
export type SessionErrorCode = 'missing_token' | 'token_invalid'

/** Codes of an {@link EnvironmentError}: something outside the protocol failed. */
export type EnvironmentErrorCode = 'storage' | 'reload_required' | 'unexpected'

/**
 * Every code that an error of this library can have. Codes are stable: a new failure gets a new code, an existing one keeps its own.
 * The table in the package's README says for each code what to check and how to fix it.
 */
export type ErrorCode =
  | ConfigurationErrorCode
  | NetworkErrorCode
  | ServerErrorCode
  | ValidationErrorCode
  | InteractionErrorCode
  | SessionErrorCode
  | EnvironmentErrorCode
