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
  const isOther = testOtherPorts(server, (rest) => rest === name)
  return [...new Set(sent.flatMap(([key, value]) => (isOther(key) ? [value] : [])))].slice(-MAX_OTHER_PORTS)
}

/** Servers on other ports of loopback whose cookies are looked at and kept. */
const MAX_OTHER_PORTS = 5

type SentCookies = ReadonlyArray<readonly [name: string, value: string]>

/** Several of them are read from one request. */
const parsed = new WeakMap<Request, SentCookies>()

/** All of them in their order: a parser of the whole header would return the first of each name. */
function sentCookies(request: Request): SentCookies {
  const known = parsed.get(request)
  if (known) return known
  const pairs = (request.headers.get('cookie') ?? '').split(';')
  const cookies = pairs.flatMap((pair) => Object.entries(parse(pair)))
  parsed.set(request, cookies)
  return cookies
}

/**
 * Returns a test for the cookies of servers on other ports of loopback: of this one, before a restart, or of one that has nothing to do with
 * it.
 */
function testOtherPorts(server: ServerContext, isExpected: (name: string) => boolean): (key: string) => boolean {
  const { prefix, port } = namingOf(server)
  if (!isLoopbackUrl(server.base)) return () => false
  return (key) => {
    if (!key.startsWith(prefix)) return false
    const [, other = '', name = ''] = /^(?:(\d{1,5})_)?(.*)$/.exec(key.slice(prefix.length)) ?? []
    return other !== port && isExpected(name)
  }
}

/**
 * Deletes the oldest cookies of servers on other ports of loopback, where a server may get another port at each start: browsers send all
 * of them to each, and a server refuses a header of more than 16 kB.
 */
export function deleteCookiesOfOtherPorts({ headers, request, server }: RequestContext): void {
  const { prefix } = namingOf(server)
  const isOther = testOtherPorts(server, () => true)
  const portIn = (key: string): string | undefined => /^\d{1,5}(?=_)/.exec(key.slice(prefix.length))?.[0]
  const names = sentCookies(request).flatMap(([key]) => (isOther(key) && portIn(key) !== undefined ? [key] : []))
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
  const isOther = testOtherPorts(server, (rest) => rest.startsWith(`${name}_`))
  return sentCookies(request).flatMap(([key, value]) => (isOther(key) ? [value] : []))
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

interface CookieNaming {
  readonly prefix: string
  readonly port: string
}

const namings = new WeakMap<ServerContext, CookieNaming>()

/** Browsers keep cookies apart by host and path: the port in the name does it for servers on one host. @see RFC 6265, section 8.5 */
function namingOf(server: ServerContext): CookieNaming {
  const known = namings.get(server)
  if (known) return known
  const naming = createNaming(server)
  namings.set(server, naming)
  return naming
}

function createNaming(server: ServerContext): CookieNaming {
  const { port } = new URL(server.base)
  if (!isSecure(server)) return { prefix: 'latchkey_', port }
  // A page on http cannot set them, and one on another subdomain not the former. `__Host-` forbids the path that separates several
  // issuers on one host (RFC 6265bis, section 4.1.3).
  return { prefix: server.path === '' ? '__Host-latchkey_' : '__Secure-latchkey_', port }
}

function isSecure({ base }: ServerContext): boolean {
  return base.startsWith('https:')
}
