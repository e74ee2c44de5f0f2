import { createError } from '../errors/create-error.js'
import { isLoopback } from '../platform/is-loopback.js'
import type { Resource } from './fetch-options.js'

/** Without these, a path is decoded already. */
const CODED = /[%;]/

/** How often a path may be encoded. */
const MAX_ROUNDS = 8

/** The URLs that access tokens may be sent to. */
export interface ResourceList {
  /** @throws ConfigurationError resource_not_allowed, before anything is sent */
  readonly match: (url: URL) => Resource
}

/**
 * @param origin of the page, which is allowed if `resources` is omitted; undefined outside a page
 * @param allowPlainHttp see the option; outside a page only
 * @see RFC 6750, section 5.3; RFC 9700, section 4.10.1
 */
export function createResourceList(
  resources: ReadonlyArray<string | Resource> | undefined,
  origin: string | undefined,
  allowPlainHttp?: boolean,
): ResourceList {
  // The origin of sandboxed pages and pages from files is "null".
  const pageOrigin = origin === 'null' ? undefined : origin
  const given: ReadonlyArray<string | Resource> = [resources ?? pageOrigin ?? []].flat()
  const entries = given.flatMap((entry) => {
    const resource = typeof entry === 'string' ? { url: entry } : entry
    const { url } = Object(resource) as Partial<Resource>
    // During server rendering a path cannot be resolved, and nothing is sent.
    return !origin && url?.[0] === '/' ? [] : { resource, url: parseResource(url, pageOrigin, !origin && allowPlainHttp) }
  })
  // The longest prefix wins, whatever its position in the list.
  entries.sort((one, other) => other.url.pathname.length - one.url.pathname.length)
  const paths = entries.map(({ url }) => url.pathname).join('')
  const find = (url: URL, pathOf = ({ pathname }: URL): string => pathname): Resource | undefined =>
    entries.find(({ url: allowed }) => allowed.origin === url.origin && covers(pathOf(allowed), pathOf(url)))?.resource
  return {
    match(url) {
      const found = url.username ? undefined : find(url)
      if (found && (!CODED.test(paths + url.pathname) || found === find(url, decodedPath))) return found
      throw createError('resource_not_allowed', `No access token is sent to ${url.origin}: it is not among "resources".`)
    },
  }
}

function parseResource(text: string | undefined, pageOrigin: string | undefined, allowPlainHttp: boolean | undefined): URL {
  const url = typeof text === 'string' && URL.canParse(text, pageOrigin) ? new URL(text, pageOrigin) : undefined
  if (url && !/[?#]/.test(url.href) && !url.username) {
    const { protocol, origin } = url
    if (protocol === 'https:' || origin === pageOrigin || isLoopback(url) || (allowPlainHttp && protocol === 'http:')) return url
  }
  throw createError(
    'configuration',
    `"resources" has "${text}": expected an https URL without query and fragment, or http on loopback or this origin (RFC 6750, section 5.3).`,
  )
}

/** Prefix on a path boundary: `/v1` covers `/v1` and `/v1/users`, not `/v10`. */
function covers(allowed: string, path: string): boolean {
  return `${path}/`.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`)
}

/**
 * The path as a server reads it that decodes separators and dots (once or several times) or drops path parameters: to such a server,
 * `/v1/..%2fall` and `/v1/..;/all` are `/all`. One with encoded control characters or overlong bytes may be any path.
 */
function decodedPath({ pathname }: URL): string {
  let path = pathname
  let rounds = 0
  for (let before = ''; before !== path; path = path.replace(/%(?:25|2[ef]|3b|5c)/gi, decodeURIComponent)) {
    before = path
    // No server decodes as often, and each round reads the whole path. Some servers drop control characters, or read overlong slashes.
    if ((rounds += 1) > MAX_ROUNDS || /%(?:[01]\w|7f|c[01])/i.test(path)) return '/'
  }
  return new URL(`https://x${path.replace(/;[^/\\]*/g, '')}`).pathname
}
