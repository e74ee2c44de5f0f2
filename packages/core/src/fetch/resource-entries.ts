import { createError } from '../errors/create-error.js'
import { parseUrl } from '../platform/parse-url.js'
import { isLoopback } from '../platform/is-loopback.js'
import type { Resource } from './fetch-options.js'

/** One of the option `resources`, with its URL parsed. */
export interface ResourceEntry {
  readonly resource: Resource
  readonly url: URL
}

/**
 * Reads the option `resources` when a client is created, so that a mistake is reported at once. `resource-list.ts` compares them with the
 * URLs of calls.
 *
 * @param origin of the page, which is allowed if `resources` is omitted; undefined outside a page
 * @param allowPlainHttp see the option; outside a page only
 * @throws ConfigurationError for a URL that no token may be sent to
 */
export function readResources(
  resources: ReadonlyArray<string | Resource> | undefined,
  origin: string | undefined,
  allowPlainHttp?: boolean,
): readonly ResourceEntry[] {
  // The origin of sandboxed pages and pages from files is "null".
  const pageOrigin = origin === 'null' ? undefined : origin
  const given: ReadonlyArray<string | Resource> = [resources ?? pageOrigin ?? []].flat()
  return given.flatMap((entry) => {
    const resource = typeof entry === 'string' ? { url: entry } : entry
    const { url } = Object(resource) as Partial<Resource>
    // During server rendering a path cannot be resolved, and nothing is sent.
    return !origin && url?.[0] === '/' ? [] : { resource, url: parseResource(url, pageOrigin, !origin && allowPlainHttp) }
  })
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
