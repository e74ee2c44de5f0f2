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
  const resources = [...new Set(params.all('resource'))]
  if (!resources.every(isWellFormed)) throw invalidTarget('"resource" must be an absolute URI without a fragment')
  if (resources.length > MAX_COUNT) throw invalidTarget(`"resource" is repeated more than ${MAX_COUNT} times`)
  const allowed = client.resources ?? (client.selfRegistered === true ? [] : undefined)
  if (!resources.every((resource) => allowed?.includes(resource) ?? true))
    throw invalidTarget('"resource" names one that this client may not request')
  return resources.length === 0 ? undefined : resources
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
}

/**
 * Returns the granted resources that the token request names, or all of them.
 *
 * @param granted the resources of the authorization request; undefined if it had no limit. A user who had to consent saw none then, so
 *   the token request may not add one
 * @throws OAuthError `invalid_target` for a resource that was not granted. @see RFC 8707, section 2.2
 */
export function narrowedResources(
  params: Parameters,
  granted: readonly string[] | undefined,
  client: ClientRecord,
): NarrowedResources {
  const requested = requestedResources(params, client)
  const allowed = granted ?? (client.requireConsent ? [] : undefined)
  if (allowed && requested && !requested.every((resource) => allowed.includes(resource)))
    throw invalidTarget('"resource" names one that was not granted')
  return { resources: requested ?? granted, refreshResources: granted ?? [] }
}

function invalidTarget(description: string): OAuthError {
  return new OAuthError('invalid_target', description)
}
