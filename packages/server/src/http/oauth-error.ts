/** The HTTP status of each error code; 400 for a code that is not listed. @see RFC 6749, section 5.2 */
const STATUS: Readonly<Record<string, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  temporarily_unavailable: 503,
  server_error: 500,
}

/** A request that does not fit the registration of its client. */
export interface RegistrationMismatch {
  /** Of the request. */
  readonly clientId: string
  /** The parameter with the URI. */
  readonly parameter: 'redirect_uri' | 'post_logout_redirect_uri'
  /** Of the request, if it has one. Text of a stranger. */
  readonly redirectUri: string | undefined
  /** The URIs that the client has registered for this parameter; undefined if no client has this id. */
  readonly redirectUris: readonly string[] | undefined
}

/** Optional members of an {@link OAuthError}. */
export interface OAuthErrorDetails {
  /** The HTTP status, if it is not the code's usual one. */
  readonly status?: number | undefined
  /** A page about the error (`error_uri`). */
  readonly uri?: string | undefined
  /** What caused the error: the client's software, the user's decision, or the request as such. */
  readonly kind?: 'client' | 'user' | 'request' | undefined
  /** Headers of the response. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** For the pages of development servers; never sent to a client. */
  readonly registration?: RegistrationMismatch | undefined
  /** For logs and events only; never sent. */
  readonly cause?: unknown
}

/**
 * An error of the specification. `error` and `description` are sent to the client; `cause` never is.
 *
 * @see RFC 6749, sections 4.1.2.1 and 5.2
 */
export class OAuthError extends Error {
  /** The error code. */
  readonly error: string
  /** Explains the error to the client's developer, in printable ASCII. */
  readonly description: string
  /** The HTTP status. */
  readonly status: number
  /** A page about the error. */
  readonly uri: string | undefined
  /** What caused the error. */
  readonly kind: 'client' | 'user' | 'request'
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>
  /** What does not fit the registration of the client. */
  readonly registration: RegistrationMismatch | undefined

  constructor(error: string, description: string, details: OAuthErrorDetails = {}) {
    super(`${error}: ${description}`, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'OAuthError'
    this.error = error
    this.description = sendable(description)
    this.status = details.status ?? STATUS[error] ?? 400
    this.uri = details.uri
    this.kind = details.kind ?? (error === 'access_denied' ? 'user' : error.endsWith('_client') ? 'client' : 'request')
    this.headers = details.headers ?? {}
    this.registration = details.registration
  }

  /** The members of an error response, by their wire names. */
  get parameters(): Record<string, string> {
    return {
      error: this.error,
      error_description: this.description,
      ...(this.uri !== undefined && { error_uri: this.uri }),
    }
  }
}

/** `error_description` allows printable ASCII without `"` and `\`. @see RFC 6749, sections 4.1.2.1 and 5.2 */
function sendable(description: string): string {
  return description.replaceAll('"', "'").replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
