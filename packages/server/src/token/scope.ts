import { OAuthError } from '../http/oauth-error.js'

/** Which scope a grant gives. If both are absent: the server's. @see RFC 6749, section 3.3 */
export interface ScopeOptions {
  /** The scope names that the grant may give; an empty list ignores the `scope` parameter. */
  readonly scopes?: readonly string[] | undefined
  /** Space-separated; granted if the client requests no known scope. */
  readonly defaultScope?: string | undefined
}

/** scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), separated by single spaces. @see RFC 6749, section 3.3 */
export const SCOPE_SYNTAX: RegExp = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/

/** Returns the names in a scope parameter. Throws OAuthError `invalid_scope` for a syntax error. */
export function parseScope(scope: string | undefined): readonly string[] {
  if (scope === undefined) return []
  if (!SCOPE_SYNTAX.test(scope))
    throw new OAuthError('invalid_scope', '"scope" must be scope names with single spaces between them')
  return [...new Set(scope.split(' '))]
}

/**
 * Drops unknown scope names; grants the default if none is left. Throws OAuthError `invalid_scope` if there is no default.
 *
 * @param allowed the scope names that exist here; an empty list means that the parameter is ignored
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
    requested.length === 0
      ? '"scope" is missing and there is no default'
      : 'no requested scope exists and is allowed for this client',
  )
}

/** Returns the words of a space-separated parameter. */
export function words(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(' ').filter((word) => word !== '')
}
