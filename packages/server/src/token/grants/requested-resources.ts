import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'
import type { ClientRecord } from '../../storage/client-record.js'

/** Characters of a resource indicator, which the consent page shows. */
const MAX_LENGTH = 2000
const MAX_COUNT = 20

/**
 * Returns the resource indicators of a request; undefined if it has none.
 *
 * @throws OAuthError `invalid_target` for one that is no absolute URI, or that the client may not request. @see RFC 8707, section 2
 */
export function requestedResources(params: Parameters, client: ClientRecord): readonly string[] | undefined {
  const given = params.all('resource')
  if (given.length === 0) return undefined
  const resources = [...new Set(given)]
  if (!resources.every(isWellFormed)) throw invalidTarget('"resource" must be an absolute URI without a fragment')
  if (resources.length > MAX_COUNT) throw invalidTarget(`"resource" is repeated more than ${MAX_COUNT} times`)
  if (!resources.every((resource) => mayRequest(resource, client)))
    throw invalidTarget('"resource" names one that this client may not request')
  return resources
}

function mayRequest(resource: string, { resources, selfRegistered }: ClientRecord): boolean {
  return resources?.includes(resource) ?? selfRegistered !== true
}

/**
 * Returns the granted resources that the client may still request: its record may have changed. Undefined if there was no limit.
 *
 * @throws OAuthError `invalid_target` if none is left, since a token without resources is valid everywhere
 */
export function stillAllowedResources(
  granted: readonly string[] | undefined,
  client: ClientRecord,
): readonly string[] | undefined {
  const left = granted?.filter((resource) => mayRequest(resource, client))
  if (left?.length === 0 && granted?.length !== 0)
    throw invalidTarget('the client may use none of the granted resources any more')
  return left
}

/** ASCII, as in RFC 3986, section 2, and without a user name, which looks like a host. */
function isWellFormed(resource: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(resource) || resource.length > MAX_LENGTH) return false
  if (!URL.canParse(resource) || resource.includes('#')) return false
  const { username, password } = new URL(resource)
  return username === '' && password === ''
}

/** Where the access token is valid, and where the refresh token beside it is: empty if it has no limit. */
interface NarrowedResources {
  readonly resources: readonly string[] | undefined
  readonly refreshResources: readonly string[]
  /** Whether a token request named them. */
  readonly isNarrowed: boolean
  readonly isRefreshNarrowed: boolean
}

/**
 * Returns the granted resources that the token request names, or all of them.
 *
 * @param granted the resources of the authorization request; undefined if it had none. The user saw none then, so the token request may not
 *   add one
 * @param wasNarrowed whether there was no authorization request, and the first token request named them
 * @throws OAuthError `invalid_target` for a resource that was not granted. @see RFC 8707, section 2.2
 */
export function narrowedResources(
  params: Parameters,
  granted: readonly string[] | undefined,
  client: ClientRecord,
  wasNarrowed = false,
): NarrowedResources {
  const requested = requestedResources(params, client)
  if (requested?.some((resource) => !granted?.includes(resource)))
    throw invalidTarget('"resource" names one that was not granted with the authorization request (RFC 8707, section 2.2)')
  const resources = requested ?? stillAllowedResources(granted, client)
  const isNarrowed = requested !== undefined || wasNarrowed
  return { resources, refreshResources: granted ?? [], isNarrowed, isRefreshNarrowed: wasNarrowed }
}

function invalidTarget(description: string): OAuthError {
  return new OAuthError('invalid_target', description)
}
