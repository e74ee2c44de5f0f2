import type { ResolvedGuessLimits } from './guess-limits.js'

/** What the adapters for Node, and Hono's, pass beside the request. */
interface NodeEnv {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: unknown } }
}

/** Returns the networks that a request is from; empty if its address is unknown. @see {@link networksOf} */
export function senderNetworks(request: Request, env: unknown, limits: ResolvedGuessLimits): readonly string[] {
  return networksOf(senderAddress(request, env, limits))
}

/** Returns the address that a request is from, as it was given; undefined if it is unknown. */
export function senderAddress(request: Request, env: unknown, limits: ResolvedGuessLimits): string | undefined {
  const address = limits.addressOf ? limits.addressOf(request, env) : (forwarded(request, limits) ?? connectionAddress(env))
  return typeof address === 'string' ? address : undefined
}

/** The address that the outermost of the host's own proxies has added. What is before it was written by the client. */
function forwarded(request: Request, { proxies }: ResolvedGuessLimits): string | undefined {
  if (proxies === 0) return undefined
  const addresses = request.headers.get('x-forwarded-for')?.split(',') ?? []
  return addresses.at(-proxies)?.trim()
}

function connectionAddress(env: unknown): string | undefined {
  const address = (env as NodeEnv | null | undefined)?.incoming?.socket?.remoteAddress
  return typeof address === 'string' ? address : undefined
}

/** Only what an address may have: a proxy may pass on what it was sent. */
const IPV6 = /^[\da-f:.]{2,45}$/i

/**
 * Returns the networks of an address, smallest first, as far as one sender can have all of their addresses: an IPv4 address, or the IPv6
 * networks of 64, 56 and 48 bits. Empty without an address.
 */
export function networksOf(given: string | undefined): readonly string[] {
  const address = given?.trim() ?? ''
  return address === '' ? [] : networks(address)
}

function networks(address: string): readonly string[] {
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(address)?.[1]
  if (ipv4 !== undefined) return [ipv4]
  const host = address.replace(/^\[|\].*$/g, '').replace(/%.*$/, '')
  if (!IPV6.test(host) || !URL.canParse(`http://[${host}]/`)) return [address]
  const [head = '', tail] = new URL(`http://[${host}]/`).hostname.slice(1, -1).split('::')
  const parts = head.split(':').filter((part) => part !== '')
  const rest = tail?.split(':').filter((part) => part !== '') ?? []
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - parts.length - rest.length }, () => '0')
  const [one, two, three, four = '0'] = [...parts, ...zeros, ...rest]
  const site = [one, two, three].join(':')
  // A home or a company has a network of 56 or 48 bits: each of its networks of 64 bits would be an address more.
  return [`${site}:${four}::/64`, `${site}:${(Number.parseInt(four, 16) & 0xff_00).toString(16)}::/56`, `${site}::/48`]
}
