/** Error codes with the HTTP status each is answered with; a code that is not listed gets 400. @see RFC 6749, section 5.2 */
const STATUS: Readonly<Record<string, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  temporarily_unavailable: 503,
  server_error: 500,
}

/** What an {@link OAuthError} may carry beside its code and description. */
export interface OAuthErrorDetails {
  /** Overrides the status that the code has by the table. */
  readonly status?: number
  /** A page about the error (`error_uri`). */
  readonly uri?: string
  /** Whose fault it is: the client's software, the person's choice, or the request as such. */
  readonly kind?: 'client' | 'user' | 'request'
  readonly headers?: Readonly<Record<string, string>>
  /** For logs and events only; never sent. */
  readonly cause?: unknown
}

/**
 * A refusal in the words of the specification. `error` and `description` are sent to the client; `cause` never is.
 *
 * @see RFC 6749, sections 4.1.2.1 and 5.2
 */
export class OAuthError extends Error {
  readonly error: string
  readonly description: string
  readonly status: number
  readonly uri: string | undefined
  readonly kind: 'client' | 'user' | 'request'
  readonly headers: Readonly<Record<string, string>>

  constructor(error: string, description: string, details: OAuthErrorDetails = {}) {
    super(`${error}: ${description}`, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'OAuthError'
    this.error = error
    this.description = sendable(description)
    this.status = details.status ?? STATUS[error] ?? 400
    this.uri = details.uri
    this.kind = details.kind ?? (error === 'access_denied' ? 'user' : error.endsWith('_client') ? 'client' : 'request')
    this.headers = details.headers ?? {}
  }

  /** The members of an error response, by their wire names. */
  get parameters(): Record<string, string> {
    return {
      error: this.error,
      error_description: this.description,
      ...(this.uri === undefined ? {} : { error_uri: this.uri }),
    }
  }
}

/** What may stand in `error_description`: printable ASCII without `"` and `\`. @see RFC 6749, sections 4.1.2.1 and 5.2 */
function sendable(description: string): string {
  return description.replaceAll('"', "'").replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
