import { createError } from '../errors/create-error.js'
import type { Resource } from './fetch-options.js'
import { readResources, type ResourceEntry } from './resource-entries.js'

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
 * Reads the option `resources`, and compares them with the URLs of calls. For the parameters see `readResources`.
 *
 * @throws ConfigurationError for a URL that no token may be sent to
 * @see RFC 6750, section 5.3; RFC 9700, section 4.10.1
 */
export function createResourceList(...given: Parameters<typeof readResources>): ResourceList {
  return resourceListOf(readResources(...given))
}

/** @param given is not changed */
export function resourceListOf(given: readonly ResourceEntry[]): ResourceList {
  // The longest prefix wins, whatever its position in the list.
  // The origin of a URL is computed by each access, which takes longer than all other steps of a call.
  const entries = given
    .map(({ resource, url }) => ({ resource, url, origin: url.origin }))
    .toSorted((one, other) => other.url.pathname.length - one.url.pathname.length)
  const paths = entries.map(({ url }) => url.pathname).join('')
  const find = (url: URL, pathOf = ({ pathname }: URL): string => pathname, { origin: target } = url): Resource | undefined =>
    entries.find((entry) => entry.origin === target && covers(pathOf(entry.url), pathOf(url)))?.resource
  return {
    async match(url, load) {
      const found = url.username ? undefined : find(url)
      if (found && (!CODED.test(paths + url.pathname) || found === find(url, (await load()).decodedPath))) return found
      throw createError('resource_not_allowed', ['notListed', url.origin])
    },
  }
}

/** Prefix on a path boundary: `/v1` covers `/v1` and `/v1/users`, not `/v10`. */
function covers(allowed: string, path: string): boolean {
  return `${path}/`.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`)
}
