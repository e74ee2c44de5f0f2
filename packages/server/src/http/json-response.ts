import type { OAuthError } from './oauth-error.js'
import { Reply, type ReplyHeaders } from './reply.js'

const NOT_CACHED: ReplyHeaders = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' }

/** Creates a response that must not be cached. @see RFC 6749, section 5.1 */
export function jsonResponse(
  body: unknown,
  { status = 200, headers }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Reply {
  // A host's headers may have any case, or values that no header can have, for which `Headers` throws.
  const added = headers && Object.fromEntries(new Headers(headers))
  return new Reply(JSON.stringify(body), status, added ? { ...NOT_CACHED, ...added } : NOT_CACHED)
}

/** Creates an error response. @see RFC 6749, section 5.2 */
export function errorResponse(error: OAuthError): Reply {
  return jsonResponse(error.parameters, { status: error.status, headers: error.headers })
}
