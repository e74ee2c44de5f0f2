import { codeGrant, type AuthorizationCodeOptions } from './authorization-code.js'
import type { Grant } from './grant.js'

/** Creates the hybrid flow: a code together with tokens. Its codes are redeemed like any other. @see OpenID Connect Core 1.0, section 3.3 */
export function hybrid(options: AuthorizationCodeOptions = {}): Grant {
  return { ...codeGrant(options, 'hybrid'), responseTypes: ['code id_token', 'code token', 'code id_token token'] }
}
