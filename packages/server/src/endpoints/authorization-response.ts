import type { AuthorizationRequest } from '../checks/authorization-request.js'
import type { Exchange } from '../server-parts.js'
import { appendParameters } from './append-parameters.js'

/**
 * Sends the browser back to the client, with `state` as it came and `iss` against mix-up.
 *
 * @see RFC 6749, sections 4.1.2 and 4.2.2; RFC 9207, section 2
 */
export function sendAuthorizationResponse(
  { server, request }: Exchange,
  { redirectUri, responseMode, state }: Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state'>,
  parameters: Readonly<Record<string, string>>,
): Response {
  const answer = new URLSearchParams({ ...parameters, ...(state === undefined ? {} : { state }), iss: server.issuer })
  // 303 after a form: the browser must not send the form, a password in it, on to the client (RFC 9700, section 4.12).
  const status = request.method === 'POST' ? 303 : 302
  const location = appendParameters(redirectUri, answer, responseMode === 'fragment' ? 'fragment' : 'query')
  return new Response(null, { status, headers: { location, 'cache-control': 'no-store' } })
}
