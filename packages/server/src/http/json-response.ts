import type { OAuthError } from './oauth-error.js'

/** Creates a response that must not be cached. @see RFC 6749, section 5.1 */
export function jsonResponse(
  body: unknown,
  init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return Response.json(body, {
    status: init.status ?? 200,
    headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...init.headers },
  })
}

/** Creates an error response. @see RFC 6749, section 5.2 */
export function errorResponse(error: OAuthError): Response {
  return jsonResponse(error.parameters, { status: error.status, headers: error.headers })
}
