import ipaddr from 'ipaddr.js'

/** Hosts on which the server may send requests, though they are on this machine or in a private network. */
export interface AllowedHosts {
  /** Whether every address of the name is allowed. */
  hasName(hostname: string): boolean
  /** Whether the address is public, or in an allowed range. */
  hasAddress(address: string): boolean
}

/** Names that are never public. @see RFC 6761, section 6.3; RFC 6762, section 3; RFC 8375 */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/

/** @see RFC 6052, section 2.1: the last 32 bits are those of an IPv4 address */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96')
/** The platform of every virtual machine at Azure, which is public by its range alone. */
const AZURE_PLATFORM = '168.63.129.16'
/** All public IPv6 addresses. @see RFC 4291, section 2.4; the IANA registry of global unicast addresses */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3')

/** Reads the option `privateHosts`. Throws a TypeError for an entry that is no name, address or range. */
export function allowedHosts(entries: readonly string[]): AllowedHosts {
  const ranges = entries.map(rangeOf).filter((range) => range !== undefined)
  const names = entries.filter((entry) => rangeOf(entry) === undefined).map(checkName)
  return {
    hasName: (hostname) => names.some((name) => isOrEndsWith(withoutDot(hostname), name)),
    hasAddress(text) {
      if (!ipaddr.isValid(text)) return false
      const address = embeddedAddress(ipaddr.parse(text))
      return isPublic(address) || ranges.some((range) => isInRange(address, range))
    },
  }
}

/** Tells whether the host of a URL may be fetched from, as far as its text tells: a name is resolved only when it is fetched. */
export function isAllowedHost({ hostname }: URL, allowed: AllowedHosts): boolean {
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (allowed.hasName(literal)) return true
  return ipaddr.isValid(literal) ? allowed.hasAddress(literal) : !PRIVATE_NAME.test(withoutDot(literal))
}

type Address = ReturnType<typeof ipaddr.parse>
type Range = readonly [address: Address, bits: number]

function rangeOf(entry: string): Range | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  if (!ipaddr.isValid(entry)) return undefined
  const address = ipaddr.parse(entry)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

function isInRange(address: Address, [range, bits]: Range): boolean {
  return address.kind() === range.kind() && address.match(range, bits)
}

/** An IPv4 address in the form of an IPv6 address is not public: no name needs one. */
function isPublic(address: Address): boolean {
  if (address.toString() === AZURE_PLATFORM) return false
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || isInRange(address, GLOBAL_UNICAST))
}

function embeddedAddress(address: Address): Address {
  return isInRange(address, NAT64) ? ipaddr.fromByteArray(address.toByteArray().slice(-4)) : address
}

function checkName(entry: string): string {
  if (typeof entry === 'string' && /^\.?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(entry)) return entry
  throw new TypeError('privateHosts: expected names in lower case, addresses or ranges, such as "10.0.0.0/8"')
}

function isOrEndsWith(hostname: string, name: string): boolean {
  return name.startsWith('.') ? hostname.endsWith(name) : hostname === name
}

function withoutDot(hostname: string): string {
  return hostname.replace(/\.$/, '')
}
