import { parse, serialize } from 'hono/utils/cookie'
import type { RequestContext } from './request-context.js'
import type { ServerContext } from '../options/server-context.js'

/**
 * Returns the different values of one of this server's cookies. A page on another port or subdomain can add one, for another path or domain,
 * and no request tells which is whose. @see RFC 6265bis, section 8.6
 */
export function readCookies({ request, server }: RequestContext, name: string): readonly string[] {
  const fullName = cookieName(server, name)
  // A parser of the whole header would return the first.
  const pairs = (request.headers.get('cookie') ?? '').split(';')
  return [...new Set(pairs.flatMap((pair) => parse(pair)[fullName] ?? []))]
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
  const cookies = parse(request.headers.get('cookie') ?? '')
  const prefix = `${cookieName(server, name)}_`
  return Object.keys(cookies).flatMap((key) => (key.startsWith(prefix) ? [cookies[key] ?? ''] : []))
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
  if (!isSecure(server)) return `latchkey_${name}`
  // A page on http cannot set them, and one on another subdomain not the former. `__Host-` forbids the path that separates several
  // issuers on one host (RFC 6265bis, section 4.1.3).
  return server.path === '' ? `__Host-latchkey_${name}` : `__Secure-latchkey_${name}`
}

function isSecure({ base }: ServerContext): boolean {
  return base.startsWith('https:')
}
