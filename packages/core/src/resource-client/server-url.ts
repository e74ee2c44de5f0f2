import { createError } from '../errors/create-error.js'
import { secureUrl } from '../protocol/endpoint-url.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'

/** The resource that has named an address. */
interface NamingResource {
  readonly context: Pick<ProtocolContext, 'options'>
  readonly url: URL
}

const LOCAL = /^(?:localhost|127\..+|\[::1\])$/

/**
 * Parses an address that a resource has named.
 *
 * @param name of the value in the error
 * @throws ValidationError invalid_metadata unless it is an https URL, or a loopback URL if the resource itself is at one
 * @see RFC 9728, section 7.7
 */
export function serverUrlOf({ context, url }: NamingResource, value: unknown, name: string): URL {
  const address = secureUrl(value, name, { options: context.options, code: 'invalid_metadata' })
  if (address.username || address.password || address.hash) {
    throw createError('invalid_metadata', `The URL in ${name} contains a user name, a password or a fragment.`, {
      hint: 'It is not requested. The resource must name the plain URL.',
      spec: 'RFC 9728, section 2',
    })
  }
  if (!LOCAL.test(address.hostname) || LOCAL.test(url.hostname)) return address
  throw createError('invalid_metadata', `The URL in ${name} is one of this machine, but the resource is at ${url.origin}.`, {
    hint: 'It is not requested: a resource elsewhere could otherwise reach the services of this machine.',
    spec: 'RFC 9728, section 7.7',
  })
}
