import { createError } from '../errors/create-error.js'
import type { Resource } from './fetch-options.js'
import { readResources, type ResourceEntry } from './resource-entries.js'

/** Loads `decoded-path.ts`, which few paths need. */
export type LoadDecodedPath = () => Promise<{ readonly decodedPath: PathOf }>

type PathOf = (url: URL) => string

/** Without these, a path is decoded and resolved already. */
const CODED = /[%;]|\.\./

/** The URLs that access tokens may be sent to. */
export interface ResourceList {
  /**
   * @param href of a call, as the URL parser writes it
   * @returns a promise for a path that has to be decoded
   * @throws ConfigurationError resource_not_allowed, before anything is sent
   */
  readonly match: (href: string, load: LoadDecodedPath) => Resource | Promise<Resource>
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
  const prefixesBy = (pathOf: PathOf): readonly Prefix[] =>
    given
      .map(({ resource, url }) => ({ resource, prefix: (url.origin + pathOf(url)).replace(/\/?$/, '/') }))
      // The longest one wins, whatever its position in the list.
      .toSorted((one, other) => other.prefix.length - one.prefix.length)
  // Once: the origin of a URL is computed by each access.
  const prefixes = prefixesBy(({ pathname }) => pathname)
  const isCoded = prefixes.some(({ prefix }) => CODED.test(prefix))
  return {
    match(href, load) {
      const address = href.replace(/[?#].*/s, '')
      // A URL with a user name begins with another text.
      const found = find(prefixes, address)
      if (!found) return refuse(href)
      if (!isCoded && !CODED.test(address)) return found
      return load().then(({ decodedPath }) => {
        const url = new URL(href)
        return found === find(prefixesBy(decodedPath), url.origin + decodedPath(url)) ? found : refuse(href)
      })
    },
  }
}

/** Where a token may be sent. It ends on a path boundary: `/v1/` covers `/v1` and `/v1/users`, not `/v10`. */
interface Prefix {
  readonly resource: Resource
  readonly prefix: string
}

function find(prefixes: readonly Prefix[], address: string): Resource | undefined {
  return prefixes.find(({ prefix }) => `${address}/`.startsWith(prefix))?.resource
}

function refuse(href: string): never {
  throw createError('resource_not_allowed', ['notListed', new URL(href).origin])
}
