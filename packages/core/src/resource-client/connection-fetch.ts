import { createError } from '../errors/create-error.js'
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

/**
 * Refuses an address that lacks the query of a resource that has one, such as the name of a tenant: the client's list of resources
 * compares origin and path only.
 *
 * @throws ConfigurationError resource_not_allowed
 */
export function refuseOtherQuery(address: string | URL, resource: string): void {
  const expected = [...new URL(resource).searchParams]
  if (expected.length === 0) return
  const { searchParams } = new URL(address, resource)
  if (expected.every(([name, value]) => searchParams.getAll(name).join() === value)) return
  throw createError(
    'resource_not_allowed',
    'The query of the address is not that of the resource, to which the access token belongs.',
    {
      hint: 'Connect to the other resource too, and use its own fetch.',
      spec: 'RFC 8707, section 2',
    },
  )
}
