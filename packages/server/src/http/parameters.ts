import { OAuthError } from './oauth-error.js'

/** Parameters that may be repeated. @see RFC 8707, section 2; RFC 8693, section 2.1 */
export const REPEATABLE: ReadonlySet<string> = new Set(['resource', 'audience'])

/** The parameters of a request. Immutable. */
export interface Parameters {
  /** Returns the first value; an empty value is treated as absent (RFC 6749, section 3.1). */
  get(name: string): string | undefined
  /** Returns all values except empty ones. */
  all(name: string): readonly string[]
  /** Names that are repeated though they must not be. */
  readonly repeated: readonly string[]
  /** All parameters as they were sent. */
  readonly search: URLSearchParams
}

/** Returns a read-only view of query or body parameters. Reads them once: a body may have thousands. */
export function readParameters(search: URLSearchParams): Parameters {
  // A parameter without a value is treated as absent, even if it is repeated (RFC 6749, section 3.1).
  const values = new Map<string, string[]>()
  for (const [name, value] of search) {
    if (value === '') continue
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  const repeated = [...values].filter(([name, all]) => all.length > 1 && !REPEATABLE.has(name)).map(([name]) => name)
  return { get: (name) => values.get(name)?.[0], all: (name) => values.get(name) ?? [], repeated, search }
}

/** Throws OAuthError `invalid_request` if a parameter is repeated. @see RFC 6749, sections 3.1 and 3.2 */
export function checkRepeatedParameters({ repeated }: Pick<Parameters, 'repeated'>): void {
  if (repeated.length === 0) return
  throw new OAuthError('invalid_request', 'a request parameter is repeated')
}
