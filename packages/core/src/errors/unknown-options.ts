// cspell:ignore callbackurl logouturi authorizationparams extraqueryparams
import { createError } from './create-error.js'

/** The names of all options of a function or component. */
export type OptionNames<Options> = Readonly<Record<keyof Options & string, true>>

/**
 * Throws for an option that does not exist: in JavaScript, and in an object that is built elsewhere, no type reports a misspelled name,
 * and an option that is ignored may be the one that keeps a token where it belongs. Options with the value `undefined` are ignored.
 *
 * @param where as it reads in a message: `createOAuthClient()`
 * @throws ConfigurationError configuration, with the most similar name
 */
export function refuseUnknownOptions(where: string, options: unknown, names: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) return
  const values = options as Readonly<Record<string, unknown>>
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(names, name) && values[name] !== undefined)
  if (unknown === undefined) return
  const similar = mostSimilar(unknown, Object.keys(names))
  throw createError('configuration', `${where} has no option "${unknown}".`, { hint: hintFor(values, similar, names) })
}

function hintFor(options: object, similar: string | undefined, names: object): string {
  // `<button onClick={login}>`: a native event, or one of React.
  if ('isTrusted' in options || 'nativeEvent' in options)
    return 'The argument is an event: call the function in the handler, as in onClick={() => void login()}.'
  return similar ? `Did you mean "${similar}"?` : `The options are: ${Object.keys(names).join(', ')}.`
}

/** Names of the same option in other libraries and in the specifications. */
const SYNONYMS: Readonly<Record<string, string>> = {
  authority: 'issuer',
  domain: 'issuer',
  metadata: 'server',
  callbackurl: 'redirectUri',
  logouturi: 'postLogoutRedirectUri',
  audience: 'params',
  authorizationparams: 'params',
  extraqueryparams: 'params',
  store: 'storage',
  cache: 'storage',
}

/** @returns the name that differs in case, underscores or a few letters; undefined if none does */
export function mostSimilar(name: string, names: readonly string[]): string | undefined {
  const plain = simplified(name)
  const synonym = SYNONYMS[plain]
  if (synonym !== undefined && names.includes(synonym)) return synonym
  const [best] = names
    .map((one) => ({ one, distance: editDistance(plain, simplified(one)) }))
    .toSorted((left, right) => left.distance - right.distance)
  return best && best.distance <= Math.max(1, Math.round(plain.length / 3)) ? best.one : undefined
}

function simplified(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase()
}

/** Letters to insert, remove or replace. @see Levenshtein distance */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const [left = 0, above = 0, diagonal = 0] = [next[column - 1], row[column], row[column - 1]]
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === to[column - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[to.length] ?? 0
}
