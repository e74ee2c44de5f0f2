import { parse, serialize } from 'hono/utils/cookie'
import type { Exchange, ServerParts } from '../options/server-parts.js'

/** @returns the value of a cookie of this server's */
export function readCookie({ request, server }: Exchange, name: string): string | undefined {
  const header = request.headers.get('cookie')
  return header === null ? undefined : parse(header)[cookieName(server, name)]
}

/** @returns the values of all cookies of this server's that belong to one family, `<name>_<member>` */
export function readCookieFamily({ request, server }: Exchange, name: string): readonly string[] {
  const cookies = parse(request.headers.get('cookie') ?? '')
  const prefix = `${cookieName(server, name)}_`
  return Object.keys(cookies).flatMap((key) => (key.startsWith(prefix) ? [cookies[key] ?? ''] : []))
}

/** Sets a cookie that scripts cannot read and other sites cannot send along with a form (RFC 6265bis, section 5.6.7). */
export function writeCookie({ headers, server }: Exchange, name: string, value: string, maxAge: number): void {
  const options = {
    path: server.path === '' ? '/' : server.path,
    httpOnly: true,
    secure: server.base.startsWith('https:'),
    sameSite: 'Lax',
    maxAge,
  } as const
  headers.append('set-cookie', serialize(cookieName(server, name), value, options))
}

function cookieName(server: ServerParts, name: string): string {
  // `__Secure-`: a page on http cannot plant it. `__Host-` would forbid the path that keeps several issuers on a host apart.
  return server.base.startsWith('https:') ? `__Secure-latchkey_${name}` : `latchkey_${name}`
}
