import { createError } from '../errors/create-error.js'
import { copyRequest } from '../platform/copy-request.js'
import { copyRequestTo } from '../platform/copy-request-to.js'
import { sendWithoutRedirect } from '../protocol/send-without-redirect.js'
import type { AccessToken } from '../protocol/token-set.js'

type Placement = 'query' | 'body' | 'header'

/**
 * Sends the access token in the query or the form-encoded body, which few APIs need. A redirect would send it to another address, unlike a
 * header, so no redirect is followed.
 *
 * @param transmit sends the finished request
 * @throws ConfigurationError configuration, for a body that cannot take the token; SessionError unsupported_token_type;
 *   ValidationError invalid_response for a redirect, unless the caller set `redirect: 'manual'`
 * @see RFC 6750, sections 2.2, 2.3 and 5.3
 */
export async function sendPlaced(
  request: Request,
  token: AccessToken,
  placement: Placement,
  transmit: (request: Request) => Promise<Response>,
): Promise<Response> {
  if (token.tokenType.toLowerCase() !== 'bearer') {
    throw createError('unsupported_token_type', `Access token has type "${token.tokenType}": expected "Bearer"`, {
      hint: 'Ask the server for Bearer tokens.',
      spec: 'RFC 6749, section 7.1',
    })
  }
  const placed = await (placement === 'query' ? inQuery : inBody)(request, token.accessToken)
  return sendWithoutRedirect(placed, transmit, { what: `the token in the ${placement}`, spec: 'RFC 6750, section 5.3' })
}

async function inQuery(request: Request, accessToken: string): Promise<Request> {
  const url = new URL(request.url)
  url.searchParams.set('access_token', accessToken)
  const headers = new Headers(request.headers)
  headers.set('cache-control', 'no-store')
  return copyRequest(await copyRequestTo(request, url), { headers })
}

async function inBody(request: Request, accessToken: string): Promise<Request> {
  const { method, headers } = request
  const isForm = headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded')
  // Firefox has no `request.body`.
  const text = method === 'GET' || method === 'HEAD' ? undefined : await request.text()
  if (text === undefined || (text !== '' && !isForm)) {
    throw createError('configuration', 'tokenPlacement "body" needs a form-encoded body and a method other than GET', {
      hint: 'Send new URLSearchParams(…) as the body, or use the header placement.',
      spec: 'RFC 6750, section 2.2',
    })
  }
  const body = new URLSearchParams(text)
  body.set('access_token', accessToken)
  return copyRequest(request, { method, body, headers })
}
