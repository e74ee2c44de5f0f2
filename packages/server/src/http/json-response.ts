import type { OAuthError } from './oauth-error.js'

/** @returns a response that nobody caches. @see RFC 6749, section 5.1 */
export function jsonResponse(
  body: unknown,
  init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return Response.json(body, {
    status: init.status ?? 200,
    headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...init.headers },
  })
}

/** @returns an error response. @see RFC 6749, section 5.2 */
export function errorResponse(error: OAuthError): Response {
  return jsonResponse(error.parameters, { status: error.status, headers: error.headers })
}
