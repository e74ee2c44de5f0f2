/** Why a request was refused. @see RFC 6750, section 3.1; RFC 9449, section 7.1; RFC 9470, section 3 */
export type ResourceErrorCode =
  | 'missing_token'
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'temporarily_unavailable'
  | 'server_error'

const STATUS: Readonly<Record<ResourceErrorCode, number>> = {
  missing_token: 401,
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  insufficient_user_authentication: 401,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
  temporarily_unavailable: 503,
  server_error: 500,
}

/** Optional members of a {@link ResourceError}. */
export interface ResourceErrorDetails {
  /** What the API's developer can do about it. It is never sent. */
  readonly hint?: string | undefined
  /** The HTTP status, if it is not the code's usual one. */
  readonly status?: number | undefined
  /** Headers of the response. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Further parameters of the challenge, such as `acr_values`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** What caused the error. It is never sent. */
  readonly cause?: unknown
}

/** Why a request was refused: what was expected, what was received, and the hint. It never contains a token or a proof. */
export class ResourceError extends Error {
  /** The error code; that of the challenge, except for `missing_token`, which is not sent. */
  readonly code: ResourceErrorCode
  /** The message for the client's developer: printable ASCII. */
  readonly description: string
  /** What the API's developer can do about it. It is never sent. */
  readonly hint: string | undefined
  /** The HTTP status of the response. */
  readonly status: number
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>
  /** Further parameters of the challenge. */
  readonly parameters: Readonly<Record<string, string>>

  constructor(code: ResourceErrorCode, description: string, details: ResourceErrorDetails = {}) {
    const { hint, cause } = details
    const text = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`
    super(hint === undefined ? text : `${text} ${hint}`, cause === undefined ? undefined : { cause })
    this.name = 'ResourceError'
    this.code = code
    this.description = toSendable(description)
    this.hint = hint
    this.status = details.status ?? STATUS[code]
    this.headers = details.headers ?? {}
    this.parameters = details.parameters ?? {}
  }
}

/** Returns a text as `error_description` and a quoted string may have it: printable ASCII without `"` and `\`. @see RFC 6750, section 3 */
export function toSendable(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?')
}

/** Returns why a request to an issuer failed, for a hint: the message, the status, and the codes of the server and the system. */
export function reasonOf(cause: unknown): string {
  const codes = [memberOf(cause, 'status'), memberOf(cause, 'error'), memberOf(memberOf(cause, 'cause'), 'code')]
    .filter((value) => typeof value === 'number' || typeof value === 'string')
    .join(', ')
  const message = cause instanceof Error ? cause.message : 'unknown'
  return `Reason: ${message.slice(0, MAX_QUOTED)}${codes === '' ? '' : ` (${codes.slice(0, MAX_QUOTED)})`}.`
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** Characters of a received value that a message quotes. */
const MAX_QUOTED = 120

/** Quotes a value of a stranger for a message: as JSON, and cut. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text
}
