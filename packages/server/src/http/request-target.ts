import { isUrlText } from './parse-url.js'

/** What adapters for Node pass beside the request: Connect and Express keep the target in `originalUrl`. */
interface NodeEnv {
  readonly incoming?: { readonly url?: unknown; readonly originalUrl?: unknown }
}

/** A path that the URL parser leaves as it is: no segment is empty, starts with a dot, or has a character that would be encoded. */
const PLAIN_PATH = /^(?:\/[\w~-][\w~.-]*)+\/?$/

/**
 * Tells whether a request target is a path as the URL parser leaves it. A proxy or guard in front of the server sees the target as it was
 * sent (`/open/../token`, `http://host/token`), and the server after `.`, `..` and backslashes are resolved: both must mean the same.
 *
 * @see RFC 9112, section 3.2; RFC 3986, section 6.2
 */
export function isPlainTarget(target: string): boolean {
  const [path = ''] = target.split('?', 1)
  // Parsing a URL takes far longer, and nearly all targets are like this.
  if (PLAIN_PATH.test(path)) return true
  if (!path.startsWith('/') || path.includes('//')) return false
  // The parser takes a backslash as a slash, and what follows two of them as a host.
  if (!isUrlText(path) || path.includes('\\')) return false
  return URL.canParse(path, 'http://localhost') && new URL(path, 'http://localhost').pathname === path
}

/** A dot segment, also an encoded one, and what the URL parser takes as a slash or as the end of the path, or removes. */
const RESOLVED_BY_PARSER = /\/(?:\.|%2e){1,2}(?:\/|$)|[\\#\0-\x20\x7f]/i

/**
 * Tells whether the path of a target has the same segments after the URL parser, which may encode characters of them. The router of a
 * host decides by the target as it was sent, and a guard by the URL.
 *
 * @see RFC 3986, section 5.2.4
 */
export function isResolvedPath(target: string): boolean {
  const [path = ''] = target.split('?', 1)
  return !RESOLVED_BY_PARSER.test(path)
}

/** Longer than any name, with its port. @see RFC 1035, section 3.1 */
const HOST = /^[\x21-\x7e]{0,300}$/

/**
 * A host that the URL parser leaves as it is. It reads one whose last label is a number as an IPv4 address, and checks Punycode; a port of
 * fewer digits may be that of the scheme, which it removes.
 *
 * @see URL Standard, section 3.5
 */
const PARSED_HOST = /^(?!.*xn--)(?:127\.0\.0\.1|(?:[a-z\d_-]+\.)*[a-z_-][a-z\d_-]*)(?::[1-9]\d{3}|:[1-5]\d{4})?$/

/** Tells whether the URL parser leaves a `Host` header of an http URL as it is. */
export function hasParsedName(host: string): boolean {
  return PARSED_HOST.test(host)
}

/**
 * Tells whether the `Host` header of a Node request may be parsed, and can be: names that are not ASCII are sent as Punycode.
 *
 * @see {@link parseUrl}
 */
export function isPlainHost(host: string): boolean {
  return HOST.test(host) && (hasParsedName(host) || URL.canParse(`http://${host}`))
}

/** Tells whether the request of a Node host has another target; that of other hosts is not known. */
export function hasOtherSpelling(env: unknown): boolean {
  const incoming = (env as NodeEnv | null | undefined)?.incoming
  const target = incoming?.originalUrl ?? incoming?.url
  return typeof target === 'string' && !isPlainTarget(target)
}

/** Returns the path of a URL that has been parsed before, as `request.url` has, without parsing it again. */
export function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = url.slice(start).search(/[?#]/)
  return start === -1 ? '/' : end === -1 ? url.slice(start) : url.slice(start, start + end)
}
