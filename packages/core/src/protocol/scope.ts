/** A requested scope: its values in one text, separated by spaces, or as a list. @see RFC 6749, section 3.3 */
export type Scope = string | readonly string[]

/** Returns the scope as it is sent. A value of another kind throws, so that no request is sent with it. */
export function joinScope(scope: Scope): string
export function joinScope(scope: Scope | undefined): string | undefined
export function joinScope(scope: Scope | undefined): string | undefined {
  return Array.isArray(scope) ? scope.join(' ') : (scope as string | undefined)?.trim()
}
