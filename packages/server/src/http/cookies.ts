import { parse, serialize } from 'hono/utils/cookie'
import { isLoopbackUrl } from './loopback.js'
import type { RequestContext } from './request-context.js'
import type { ServerContext } from '../options/server-context.js'

/**
 * Returns the different values of one of this server's cookies. A page on another port or subdomain can add one, for another path or domain,
 * and no request tells which is whose. @see RFC 6265bis, section 8.6
 */
export function readCookies({ request, server }: RequestContext, name: string): readonly string[] {
  const sent = sentCookies(request)
  const own = cookieName(server, name)
  const values = sent.flatMap(([key, value]) => (key === own ? [value] : []))
  if (values.length > 0) return [...new Set(values)]
  // At its former port, this server had another name for it.
  const others = sent.flatMap(([key, value]) => (isOfOtherPort(server, key, (rest) => rest === name) ? [value] : []))
  return [...new Set(others)].slice(-MAX_OTHER_PORTS)
}

/** Servers on other ports of loopback whose cookies are looked at and kept. */
const MAX_OTHER_PORTS = 5

/** All of them in their order: a parser of the whole header would return the first of each name. */
function sentCookies({ headers }: Request): ReadonlyArray<readonly [string, string]> {
  return (headers.get('cookie') ?? '').split(';').flatMap((pair) => Object.entries(parse(pair)))
}

function portIn(key: string): string | undefined {
  return /\d+/.exec(key)?.[0]
}

/** Tells whether a cookie is of a server on another port of loopback: this one, before a restart, or one that has nothing to do with it. */
function isOfOtherPort(server: ServerContext, key: string, isExpected: (name: string) => boolean): boolean {
  const { prefix, port } = namingOf(server)
  if (!key.startsWith(prefix) || !isLoopbackUrl(server.base)) return false
  const [, other = '', name = ''] = /^(?:(\d+)_)?(.*)$/.exec(key.slice(prefix.length)) ?? []
  return other !== port && isExpected(name)
}

/**
 * Deletes the oldest cookies of servers on other ports of loopback, where a server may get another port at each start: browsers send all
 * of them to each, and a server refuses a header of more than 16 kB.
 */
export function deleteCookiesOfOtherPorts({ headers, request, server }: RequestContext): void {
  const names = sentCookies(request).flatMap(([key]) => (isOfOtherPort(server, key, () => true) ? [key] : []))
  // Browsers send the oldest first (RFC 6265, section 5.4).
  const kept = new Set([...new Set(names.map((name) => portIn(name)))].slice(-MAX_OTHER_PORTS))
  for (const key of new Set(names.filter((name) => !kept.has(portIn(name)))))
    headers.append('set-cookie', serialize(key, '', { path: ownPath(server), maxAge: 0, secure: isSecure(server) }))
}

/**
 * Deletes a cookie at all paths of the request where this server has set none, and in the partition of its own site, where it sets none at
 * all: a page on another port can. Those of a domain remain. @see RFC 6265bis, section 5.1.4; Cookies Having Independent Partitioned State
 */
export function deleteForeignCookies({ headers, server, url }: RequestContext, name: string): void {
  const fullName = cookieName(server, name)
  const own = ownPath(server)
  // A cookie with the prefix has this path alone.
  for (const path of fullName.startsWith('__Host-') ? [own] : pathsAbove(url.pathname)) {
    const options = { path, maxAge: 0, secure: isSecure(server) }
    if (path !== own) headers.append('set-cookie', serialize(fullName, '', options))
    headers.append('set-cookie', serialize(fullName, '', { ...options, secure: true, partitioned: true }))
  }
}

function ownPath({ path }: ServerContext): string {
  return path === '' ? '/' : path
}

/** The paths of cookies that are sent to this one. @see RFC 6265bis, section 5.1.4 */
function pathsAbove(pathname: string): readonly string[] {
  const ends = [...pathname.matchAll(/\//g)].map(({ index }) => index)
  const folders = ends.flatMap((end) => [pathname.slice(0, end), pathname.slice(0, end + 1)])
  return [...new Set([...folders, pathname])].filter((path) => path !== '')
}

/** Returns the values of this server's cookies whose names are `<name>_<member>`. */
export function readCookieFamily({ request, server }: RequestContext, name: string): readonly string[] {
  const prefix = `${cookieName(server, name)}_`
  return sentCookies(request).flatMap(([key, value]) => (key.startsWith(prefix) ? [value] : []))
}

/** Returns the values of such cookies of servers on other ports of loopback. This server may have set them before a restart. */
export function readFormerCookieFamily({ request, server }: RequestContext, name: string): readonly string[] {
  return sentCookies(request).flatMap(([key, value]) =>
    isOfOtherPort(server, key, (rest) => rest.startsWith(`${name}_`)) ? [value] : [],
  )
}

/** Seconds: browsers keep no cookie for more than 400 days (RFC 6265bis, section 5.5). */
const MAX_AGE = 34_560_000

/** Sets a cookie that scripts cannot read, and that a form of another site does not send (RFC 6265bis, section 5.6.7). */
export function writeCookie({ headers, server }: RequestContext, name: string, value: string, maxAge: number): void {
  const options = {
    path: ownPath(server),
    httpOnly: true,
    secure: isSecure(server),
    sameSite: 'Lax',
    maxAge: Math.min(maxAge, MAX_AGE),
  } as const
  headers.append('set-cookie', serialize(cookieName(server, name), value, options))
}

function cookieName(server: ServerContext, name: string): string {
  const { prefix, port } = namingOf(server)
  return port === '' ? prefix + name : `${prefix}${port}_${name}`
}

/** Browsers keep cookies apart by host and path: the port in the name does it for servers on one host. @see RFC 6265, section 8.5 */
function namingOf(server: ServerContext): { readonly prefix: string; readonly port: string } {
  const { port } = new URL(server.base)
  if (!isSecure(server)) return { prefix: 'latchkey_', port }
  // A page on http cannot set them, and one on another subdomain not the former. `__Host-` forbids the path that separates several
  // issuers on one host (RFC 6265bis, section 4.1.3).
  return { prefix: server.path === '' ? '__Host-latchkey_' : '__Secure-latchkey_', port }
}

function isSecure({ base }: ServerContext): boolean {
  return base.startsWith('https:')
}
