import { createError } from '../errors/create-error.js'
import { secureUrl } from '../protocol/endpoint-url.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'

/** The resource that has named an address. */
interface NamingResource {
  readonly context: Pick<ProtocolContext, 'options'>
  readonly url: URL
}

/** Hosts of this machine, as the URL parser writes them. An IPv4 address in the form of an IPv6 address is one: no name needs it. */
const MACHINE = /^(?:(?:.+\.)?localhost\.?|(?:0|127)\.[\d.]+|\[(?:::|64:ff9b:).*\])$/
/** Addresses of private networks and of the link. @see RFC 1918; RFC 3927; RFC 4193; RFC 6598 */
const NETWORK =
  /^(?:(?:10|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+|\[f(?:[cd]|e[89a-f]).*\])$/

/** How near a host is: 2 for this machine, 1 for an address of a private network, else 0. A name is not resolved. */
function nearness({ hostname }: URL): number {
  if (MACHINE.test(hostname)) return 2
  return NETWORK.test(hostname) ? 1 : 0
}

/**
 * Checks that an address is not nearer to this machine than the resource that led to it.
 *
 * @throws ValidationError invalid_metadata. @see RFC 9728, section 7.7
 */
export function refuseNearer(address: URL, resource: URL, name: string): void {
  if (nearness(address) <= nearness(resource)) return
  const place = nearness(address) === 2 ? 'one of this machine' : 'in a private network'
  throw createError('invalid_metadata', `The URL in ${name} is ${place}, but the resource is at ${resource.origin}.`, {
    hint: 'It is not requested: a resource elsewhere could otherwise reach services that only this machine can reach.',
    spec: 'RFC 9728, section 7.7',
  })
}

/**
 * Parses an address that a resource has named.
 *
 * @param name of the value in the error
 * @throws ValidationError invalid_metadata unless it is an https URL, or a loopback URL if the resource itself is at one; as `refuseNearer`
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
  refuseNearer(address, url, name)
  return address
}
