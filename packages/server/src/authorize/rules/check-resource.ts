import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** A resource indicator is an absolute URI without a fragment. @see RFC 8707, section 2 */
export function checkResource({ params }: Pick<AuthorizationRequest, 'params'>): Findings {
  if (params.all('resource').every(isWellFormed)) return
  throw new OAuthError('invalid_target', '"resource" must be an absolute URI without a fragment')
}

function isWellFormed(resource: string): boolean {
  return URL.canParse(resource) && !resource.includes('#')
}
