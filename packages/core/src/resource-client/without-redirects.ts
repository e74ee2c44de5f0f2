import { sendWithoutRedirect } from '../protocol/send-without-redirect.js'

/**
 * Wraps a `fetch` so that requests with an access token follow no redirect: one within the origin would keep the token, and may lead to
 * another resource of it.
 */
export function withoutRedirects(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    // A Request is not copied without need: on Node 24 the copy loses its `referrerPolicy`.
    const request = input instanceof Request && init === undefined ? input : new Request(input, init)
    if (!request.headers.has('authorization')) return send(request)
    const transmit = (plain: Request): Promise<Response> => send(plain)
    return sendWithoutRedirect(request, transmit, { what: 'the access token', spec: 'RFC 6750, section 5.3' })
  }
}
