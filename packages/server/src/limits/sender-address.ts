import type { ResolvedGuessLimits } from './guess-limits.js'

/** What the adapters for Node, and Hono's, pass beside the request. */
interface NodeEnv {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: unknown } }
}

/**
 * Returns the address that a request is from, as far as one sender can have others: IPv6 networks of 64 bits are one. Undefined if it is
 * unknown.
 */
export function senderAddress(request: Request, env: unknown, limits: ResolvedGuessLimits): string | undefined {
  const address = limits.addressOf ? limits.addressOf(request, env) : (forwarded(request, limits) ?? connectionAddress(env))
  return typeof address === 'string' && address !== '' ? network(address.trim()) : undefined
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

function network(address: string): string {
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(address)?.[1]
  if (ipv4 !== undefined) return ipv4
  const host = address.replace(/^\[|\].*$/g, '').replace(/%.*$/, '')
  if (!URL.canParse(`http://[${host}]/`)) return address
  const [head = '', tail] = new URL(`http://[${host}]/`).hostname.slice(1, -1).split('::')
  const parts = head.split(':').filter((part) => part !== '')
  const rest = tail?.split(':').filter((part) => part !== '') ?? []
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - parts.length - rest.length }, () => '0')
  return `${[...parts, ...zeros, ...rest].slice(0, 4).join(':')}::/64`
}
