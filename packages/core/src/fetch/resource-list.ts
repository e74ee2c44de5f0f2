import { createError } from '../errors/create-error.js'
import { parseUrl } from '../platform/parse-url.js'
import { isLoopback } from '../platform/is-loopback.js'
import type { Resource } from './fetch-options.js'

/** Loads `decoded-path.ts`, which few paths need. */
export type LoadDecodedPath = () => Promise<{ readonly decodedPath: (url: URL) => string }>

/** Without these, a path is decoded and resolved already. */
const CODED = /[%;]|\.\./

/** The URLs that access tokens may be sent to. */
export interface ResourceList {
  /** @throws ConfigurationError resource_not_allowed, before anything is sent */
  readonly match: (url: URL, load: LoadDecodedPath) => Promise<Resource>
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
    async match(url, load) {
      const found = url.username ? undefined : find(url)
      if (found && (!CODED.test(paths + url.pathname) || found === find(url, (await load()).decodedPath))) return found
      throw createError('resource_not_allowed', ['notListed', url.origin])
    },
  }
}

function parseResource(text: string | undefined, pageOrigin: string | undefined, allowPlainHttp: boolean | undefined): URL {
  const url = typeof text === 'string' ? parseUrl(text, pageOrigin) : undefined
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
