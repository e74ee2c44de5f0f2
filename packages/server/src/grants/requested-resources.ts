import { checkResource } from '../checks/check-resource.js'
import type { Parameters } from '../parameters.js'

/** @returns the resource indicators of a token request. @see RFC 8707, section 2.2 */
export function requestedResources(params: Parameters): { readonly resources?: readonly string[] } {
  checkResource({ params })
  const resources = params.all('resource')
  return resources.length === 0 ? {} : { resources }
}
