import { OAuthError } from '../http/oauth-error.js'

/** Which scopes a grant gives. Both left out: what the server has. @see RFC 6749, section 3.3 */
export interface ScopeOptions {
  readonly scopes?: readonly string[]
  /** Space-separated; granted where the client asks for nothing that is known. */
  readonly defaultScope?: string
}

/** scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), separated by single spaces. @see RFC 6749, section 3.3 */
export const SCOPE_SYNTAX: RegExp = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/

/** @returns the tokens of a scope parameter; throws OAuthError `invalid_scope` for one that is written wrongly */
export function parseScope(scope: string | undefined): readonly string[] {
  if (scope === undefined) return []
  if (!SCOPE_SYNTAX.test(scope))
    throw new OAuthError('invalid_scope', '"scope" must be scope names with single spaces between them')
  return [...new Set(scope.split(' '))]
}

/**
 * Unknown scopes are dropped; where none is left, the default is granted; where there is no default, the request fails.
 *
 * @param allowed the scopes that exist here; an empty list means that scopes are not used and the parameter is ignored
 */
export function grantScope(
  requested: readonly string[],
  allowed: readonly string[],
  defaultScope: string | undefined,
): readonly string[] {
  const defaults = parseScope(defaultScope)
  if (allowed.length === 0) return defaults
  const granted = requested.filter((scope) => allowed.includes(scope))
  if (granted.length > 0) return granted
  if (defaults.length > 0) return defaults
  throw new OAuthError(
    'invalid_scope',
    requested.length === 0 ? '"scope" is missing and there is no default' : 'none of the requested scopes exists',
  )
}
