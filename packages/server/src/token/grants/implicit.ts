import { grantBase, type Grant, type GrantOptions } from './grant.js'

/**
 * The implicit grant: tokens on the front channel. Legacy: RFC 9700, section 2.1.2 advises against it, so that it is there
 * only where it is added. It never issues refresh tokens. @see RFC 6749, section 4.2; OpenID Connect Core 1.0, section 3.2
 */
export function implicit(options: GrantOptions = {}): Grant {
  return { ...grantBase(options), grantType: 'implicit', responseTypes: ['token', 'id_token', 'id_token token'] }
}
