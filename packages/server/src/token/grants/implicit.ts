import { GRANT_OPTIONS, grantBase, type Grant, type GrantOptions } from './grant.js'
import { checkMembers } from '../../options/check-members.js'

/**
 * Creates the implicit grant: tokens on the front channel, never refresh tokens. Legacy: RFC 9700, section 2.1.2 advises against it.
 *
 * @see RFC 6749, section 4.2; OpenID Connect Core 1.0, section 3.2
 */
export function implicit(options: GrantOptions = {}): Grant {
  checkMembers(options, GRANT_OPTIONS, { name: 'implicit' })
  return { ...grantBase(options), grantType: 'implicit', responseTypes: ['token', 'id_token', 'id_token token'] }
}
