import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { TokenSet } from '../protocol/token-set.js'
import { contextOf, type GrantSubject, signInWith, withTypedErrors } from './grant-subject.js'
import { GRANT_OPTIONS, type GrantRequestOptions, requestGrant } from './request-grant.js'

const PASSWORD_OPTIONS: OptionNames<PasswordGrantOptions> = { ...GRANT_OPTIONS, username: 'string', password: 'string' }

/** Options of {@link passwordGrant}. */
export interface PasswordGrantOptions extends GrantRequestOptions {
  /** Name of the user. */
  readonly username: string
  /** Password of the user. It is never stored. */
  readonly password: string
}

/**
 * Sends the resource owner password credentials grant, for servers that offer nothing else. The app sees the user's password, and
 * neither a second factor nor single sign-on works. RFC 9700, section 2.4 says that it MUST NOT be used. A client made by
 * `createOAuthClient` is signed in afterwards.
 *
 * @throws ServerError invalid_grant (wrong name or password), token_error; NetworkError; ValidationError
 * @see RFC 6749, section 4.3
 */
export function passwordGrant(subject: GrantSubject, options: PasswordGrantOptions): Promise<TokenSet> {
  return withTypedErrors(() => signInWithPassword(subject, options), subject)
}

async function signInWithPassword(subject: GrantSubject, options: PasswordGrantOptions): Promise<TokenSet> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('passwordGrant()', options, PASSWORD_OPTIONS, 'required')
  const { username, password, ...further } = options
  const context = contextOf(subject)
  const scope = further.scope ?? context.options.scope
  const request = { ...further, scope, grantType: 'password', parameters: { username, password }, secrets: ['password'] }
  return signInWith(subject, (own) => requestGrant(own, request))
}
