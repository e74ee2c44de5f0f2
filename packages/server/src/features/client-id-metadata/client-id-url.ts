import { isLoopbackUrl } from '../../http/loopback.js'
import { parseUrl } from '../../http/parse-url.js'
import type { ServerContext } from '../../options/server-context.js'

/** Characters. The URL is in keys of stores, and on pages. */
const MAX_LENGTH = 1000

/** What a host allows. */
interface UrlRules {
  readonly allowLoopback?: boolean | undefined
}

/** Tells whether a client id is meant to be the URL of a document. */
export function isClientIdUrl(clientId: string): boolean {
  return /^https?:\/\//i.test(clientId)
}

/**
 * Returns what is wrong with a client identifier URL; undefined if nothing is. Only the normal form is accepted, which has no dot segments
 * and no other spelling of the same host: ids are compared as text.
 *
 * @see draft-ietf-oauth-client-id-metadata-document-03, section 3
 */
export function problemOfUrl(
  clientId: string,
  { allowLoopback }: UrlRules,
  server: Pick<ServerContext, 'base' | 'path' | 'urlOf' | 'mayFetch' | 'issuer'>,
): string | undefined {
  if (clientId.length > MAX_LENGTH) return `"client_id" is longer than ${MAX_LENGTH} characters`
  if (clientId.includes('#')) return '"client_id" must not have a fragment'
  const url = parseUrl(clientId)
  if (!url) return '"client_id" is not a URL'
  if (url.username !== '' || url.password !== '') return '"client_id" must not have a user name or password'
  if (!isNormal(url, clientId)) return '"client_id" must be a URL in its normal form, with a path and without dot segments'
  const isLocal = [server.issuer, clientId].every(isLoopbackUrl)
  if (url.protocol !== 'https:' && !(allowLoopback && isLocal)) return '"client_id" must be an https URL'
  if (isOwnPage(url, server)) return '"client_id" must not be a URL of this server'
  return server.mayFetch(clientId) ? undefined : '"client_id" must not lead to a private network'
}

/** A host with a dot at its end is the same one by another name. @see RFC 3986, section 3.2.2 */
function isNormal({ href, hostname }: URL, clientId: string): boolean {
  return href === clientId && !hostname.endsWith('.')
}

/** The pages of a server that shares its origin with an app. */
const PAGES = ['/authorize', '/end-session', '/device', '/approve'] as const

/** A request of this server to itself could make it send the next one. */
function isOwnPage({ origin, pathname }: URL, { base, path, urlOf }: Pick<ServerContext, 'base' | 'path' | 'urlOf'>): boolean {
  const address = origin + pathname
  if (path !== '') return address === base || address.startsWith(`${base}/`)
  return PAGES.some((page) => urlOf(page) === address)
}
