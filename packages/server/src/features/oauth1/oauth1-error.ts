import { OAuthError } from '../../http/oauth-error.js'

/** The codes of a refusal, with their HTTP status. RFC 5849, section 3.2 has the status only. */
const STATUS = {
  missing_required_parameter: 400,
  invalid_request: 400,
  unsupported_parameter: 400,
  unsupported_signature_method: 400,
  duplicated_oauth_protocol_parameter: 400,
  insecure_transport: 400,
  access_denied: 400,
  invalid_client: 401,
  invalid_token: 401,
  invalid_signature: 401,
  invalid_nonce: 401,
  method_not_allowed: 405,
} as const

/** The code of a refusal. */
export type OAuth1ErrorCode = keyof typeof STATUS

interface RefusalDetails {
  readonly cause?: unknown
  /** Other than that of the code. */
  readonly status?: 413
  /** Headers of the response. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal of OAuth 1.0a. `error` and `description` are sent to the client; `cause` never is. @see RFC 5849, section 3.2 */
export class OAuth1Error extends OAuthError {
  override readonly name = 'OAuth1Error'

  constructor(error: OAuth1ErrorCode, description: string, details: RefusalDetails = {}) {
    super(error, description, { status: STATUS[error], ...details })
  }
}

/**
 * Creates the response of a refusal: form-encoded where credentials are requested, JSON at a protected resource.
 *
 * @param realm of the challenge
 */
export function refusal(error: OAuthError, realm: string, format: 'form' | 'json'): Response {
  const headers = {
    'cache-control': 'no-store',
    pragma: 'no-cache',
    ...(error.status === 401 && { 'www-authenticate': `OAuth realm="${realm}"` }),
    ...error.headers,
  }
  const { parameters, status } = error
  if (format === 'json') return Response.json(parameters, { status, headers })
  return new Response(new URLSearchParams(parameters), { status, headers })
}
