import { sendWithoutRedirect } from '../protocol/send-without-redirect.js'
import { refuseNearer } from './server-url.js'

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

/**
 * Wraps a `fetch` so that no request goes nearer to this machine than the resource is: the authorization server names the addresses, in a
 * document that may change.
 *
 * @returns rejects with ValidationError invalid_metadata
 */
export function withinReach(send: typeof fetch, resource: URL): typeof fetch {
  return async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input, resource)
    refuseNearer(address, resource, 'the metadata of the authorization server')
    return send(input, init)
  }
}
