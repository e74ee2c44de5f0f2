import { OAuthError } from './oauth-error.js'

/** Parameters that may stand in a request more than once. @see RFC 8707, section 2; RFC 8693, section 2.1 */
export const REPEATABLE: ReadonlySet<string> = new Set(['resource', 'audience'])

/** The parameters of a request, read once and never changed. */
export interface Parameters {
  /** @returns the first value; an empty one counts as left out (RFC 6749, section 3.1) */
  get(name: string): string | undefined
  all(name: string): readonly string[]
  /** Names that stand there more than once though they may not. */
  readonly repeated: readonly string[]
  /** All of them as they came. */
  readonly search: URLSearchParams
}

/** @returns a read-only view of query or body parameters */
export function readParameters(search: URLSearchParams): Parameters {
  // One without a value counts as left out, however often it is there (RFC 6749, section 3.1).
  const names = [...search].filter(([, value]) => value !== '').map(([name]) => name)
  const repeated = names.filter((name, index) => names.indexOf(name) !== index && !REPEATABLE.has(name))
  return {
    get: (name) => search.getAll(name).find((value) => value !== ''),
    all: (name) => search.getAll(name).filter((value) => value !== ''),
    repeated: [...new Set(repeated)],
    search,
  }
}

/** Request and response parameters must not be included more than once. @see RFC 6749, sections 3.1 and 3.2 */
export function checkRepeatedParameters({ repeated }: Pick<Parameters, 'repeated'>): void {
  if (repeated.length === 0) return
  throw new OAuthError('invalid_request', 'a parameter stands in the request more than once')
}
