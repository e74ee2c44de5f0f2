import { createError } from '../errors/create-error.js'
import { copyRequestTo } from '../platform/copy-request-to.js'
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
    throw createError('unsupported_token_type', `access token has type "${token.tokenType}": expected "Bearer"`, {
      hint: 'Ask the server for Bearer tokens.',
      spec: 'RFC 6749, section 7.1',
    })
  }
  const placed = await (placement === 'query' ? inQuery : inBody)(request, token.accessToken)
  if (request.redirect !== 'follow') return transmit(placed)
  const response = await transmit(new Request(placed, { redirect: 'manual' }))
  if (response.type !== 'opaqueredirect' && !REDIRECTS.has(response.status)) return response
  await response.body?.cancel()
  throw createError('invalid_response', `the API responded with a redirect, which does not get the token in the ${placement}`, {
    hint: 'Call the address that it leads to, if that one is among "resources"; or use the header placement.',
    spec: 'RFC 6750, section 5.3',
    ...(response.status === 0 ? {} : { status: response.status }),
  })
}

/** Browsers hide the status of a redirect that they did not follow, other runtimes do not. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

async function inQuery(request: Request, accessToken: string): Promise<Request> {
  const url = new URL(request.url)
  url.searchParams.set('access_token', accessToken)
  const headers = new Headers(request.headers)
  headers.set('cache-control', 'no-store')
  return new Request(await copyRequestTo(request, url), { headers })
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
  return new Request(request, { method, body, headers })
}
