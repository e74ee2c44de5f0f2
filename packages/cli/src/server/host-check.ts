import type { IncomingMessage, RequestListener } from 'node:http'
import { isIP } from 'node:net'

/** A host without a scheme and a port, or the end of such names with a leading dot. */
const HOST_PATTERN = /^\.?[a-z\d_-]+(?:\.[a-z\d_-]+)*$/i

/** Returns true for what `--allowed-host` accepts: `id.example.com`, or `.example.com` for it and all names below it. */
export function isHostPattern(text: string): boolean {
  return HOST_PATTERN.test(text)
}

/**
 * Lets a listener handle only requests that are sent to a known host name. A page of an attacker may make a name of theirs resolve to
 * this machine (DNS rebinding); for the browser, the server then has the origin of that page, which can read and submit its forms.
 * Addresses and `localhost` cannot be rebound. Ports are ignored: a proxy or a container may map them.
 *
 * @param allowed host names; one with a leading dot allows all names below it
 */
export function withHostCheck(listener: RequestListener, allowed: readonly string[]): RequestListener {
  const names = allowed.map((name) => name.toLowerCase())
  return (request, response) => {
    const authorities = authoritiesOf(request)
    const unknown = authorities?.find((authority) => !isAllowed(authority, names))
    if (authorities && unknown === undefined) {
      listener(request, response)
      return
    }
    const name = unknown && hostOf(unknown)
    const text =
      unknown === undefined
        ? 'The request must have one Host header (RFC 9112, section 3.2).'
        : `This server does not accept requests for ${JSON.stringify(unknown)}.${name ? ` If it is yours, start the server with --allowed-host ${name}` : ''}`
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', connection: 'close' }
    response.writeHead(unknown === undefined ? 400 : 403, { ...headers, 'cache-control': 'no-store' }).end(`${text}\n`)
  }
}

/** All hosts that the request names, or undefined without exactly one `Host`. The target may have another one (RFC 9112, section 3.2.2). */
function authoritiesOf({ headersDistinct, url = '' }: IncomingMessage): readonly string[] | undefined {
  const [host, ...more] = headersDistinct['host'] ?? []
  if (!host || more.length > 0) return undefined
  if (url.startsWith('/') || url === '*') return [host]
  const [, authority = ''] = /^[a-z][a-z\d+.-]*:\/\/([^/?#\\]*)/i.exec(url) ?? []
  return [host, authority]
}

function isAllowed(authority: string, names: readonly string[]): boolean {
  const host = hostOf(authority)
  if (host === undefined) return false
  if (isIP(host) !== 0 || host === 'localhost' || host.endsWith('.localhost')) return true
  return names.some((name) => host === name.replace(/^\./, '') || (name.startsWith('.') && host.endsWith(name)))
}

/** Returns the host in lower case, without brackets, port and the dot of a complete name; undefined for what no browser sends. */
function hostOf(authority: string): string | undefined {
  const [, address, name] = /^(?:\[([\da-f:.]+)\]|([a-z\d_-]+(?:\.[a-z\d_-]+)*)\.?)(?::\d{0,5})?$/i.exec(authority) ?? []
  if (address !== undefined && isIP(address) !== 6) return undefined
  return (address ?? name)?.toLowerCase()
}
