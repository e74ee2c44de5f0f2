import { checkResource } from '../../authorize/rules/check-resource.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'

/** Returns the resource indicators of a token request; undefined if it has none. @see RFC 8707, section 2.2 */
export function requestedResources(params: Parameters): readonly string[] | undefined {
  checkResource({ params })
  const resources = params.all('resource')
  return resources.length === 0 ? undefined : resources
}

/** Where the access token is valid, and where the refresh token beside it is: empty if it has no limit. */
interface NarrowedResources {
  readonly resources: readonly string[] | undefined
  readonly refreshResources: readonly string[]
}

/**
 * Returns the granted resources that the token request names, or all of them.
 *
 * @param granted the resources of the authorization request; undefined if it had no limit
 * @throws OAuthError `invalid_target` for a resource that was not granted. @see RFC 8707, section 2.2
 */
export function narrowedResources(params: Parameters, granted: readonly string[] | undefined): NarrowedResources {
  const requested = requestedResources(params)
  if (granted && requested && !requested.every((resource) => granted.includes(resource)))
    throw new OAuthError('invalid_target', '"resource" names one that was not granted')
  return { resources: requested ?? granted, refreshResources: granted ?? [] }
}
