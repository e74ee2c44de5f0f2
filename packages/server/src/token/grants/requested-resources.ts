import { checkResource } from '../../authorize/rules/check-resource.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'

/** @returns the resource indicators of a token request. @see RFC 8707, section 2.2 */
export function requestedResources(params: Parameters): { readonly resources?: readonly string[] } {
  checkResource({ params })
  const resources = params.all('resource')
  return resources.length === 0 ? {} : { resources }
}

/** Where tokens are good, and what the refresh token beside them keeps: empty where it has no limit. */
interface NarrowedResources {
  readonly resources?: readonly string[]
  readonly refreshResources: readonly string[]
}

/**
 * @param granted what the person agreed to; undefined where the authorization had no limit
 * @returns those of them that the token request names, or all
 * @throws OAuthError `invalid_target` for what was not granted. @see RFC 8707, section 2.2
 */
export function narrowedResources(params: Parameters, granted: readonly string[] | undefined): NarrowedResources {
  const { resources: asked } = requestedResources(params)
  if (granted && asked && !asked.every((resource) => granted.includes(resource)))
    throw new OAuthError('invalid_target', '"resource" names one that was not granted')
  const resources = asked ?? granted
  return { ...(resources ? { resources } : {}), refreshResources: granted ?? [] }
}
