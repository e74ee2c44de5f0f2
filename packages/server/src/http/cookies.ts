import { parse, serialize } from 'hono/utils/cookie'
import type { RequestContext } from './request-context.js'
import type { ServerContext } from '../options/server-context.js'

/** Returns the value of one of this server's cookies. */
export function readCookie({ request, server }: RequestContext, name: string): string | undefined {
  const header = request.headers.get('cookie')
  return header === null ? undefined : parse(header)[cookieName(server, name)]
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
    path: server.path === '' ? '/' : server.path,
    httpOnly: true,
    secure: server.base.startsWith('https:'),
    sameSite: 'Lax',
    maxAge: Math.min(maxAge, MAX_AGE),
  } as const
  headers.append('set-cookie', serialize(cookieName(server, name), value, options))
}

function cookieName(server: ServerContext, name: string): string {
  if (!server.base.startsWith('https:')) return `latchkey_${name}`
  // A page on http cannot set them, and one on another subdomain not the former. `__Host-` forbids the path that separates several
  // issuers on one host (RFC 6265bis, section 4.1.3).
  return server.path === '' ? `__Host-latchkey_${name}` : `__Secure-latchkey_${name}`
}
