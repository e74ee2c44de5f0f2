import { ConfigurationError, SessionError } from './errors.js'
import type { AccessToken } from './token-set.js'

/**
 * The rarer ways to send an access token, loaded when used.
 *
 * @returns the request with the token in its query or its form-encoded body
 * @throws ConfigurationError configuration, for a body that cannot take it; SessionError unsupported_token_type
 * @see RFC 6750, sections 2.2 and 2.3
 */
export async function placeToken(
  request: Request,
  token: AccessToken,
  placement: 'query' | 'body' | 'header' | undefined,
): Promise<Request> {
  if (token.tokenType.toLowerCase() !== 'bearer') {
    throw new SessionError('unsupported_token_type', `access token has type "${token.tokenType}": expected "Bearer"`, {
      hint: 'Ask the server for Bearer tokens.',
      spec: 'RFC 6749, section 7.1',
    })
  }
  return placement === 'query' ? inQuery(request, token.accessToken) : inBody(request, token.accessToken)
}

function inQuery(request: Request, accessToken: string): Request {
  const url = new URL(request.url)
  url.searchParams.set('access_token', accessToken)
  const headers = new Headers(request.headers)
  headers.set('cache-control', 'no-store')
  return new Request(new Request(url, request), { headers })
}

async function inBody(request: Request, accessToken: string): Promise<Request> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  const { method } = request
  if (method === 'GET' || method === 'HEAD' || !(isForm || request.body === null)) {
    throw new ConfigurationError('configuration', 'tokenPlacement "body" needs a form-encoded body and a method other than GET', {
      hint: 'Send new URLSearchParams(…) as the body, or use the header placement.',
      spec: 'RFC 6750, section 2.2',
    })
  }
  const body = new URLSearchParams(await request.text())
  body.set('access_token', accessToken)
  return new Request(request, { method, body, headers: request.headers })
}
