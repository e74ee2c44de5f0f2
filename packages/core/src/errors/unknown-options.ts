// cspell:ignore callbackurl logouturi authorizationparams extraqueryparams
import { createError } from './create-error.js'

/**
 * What the value of an option must be, in the notation of a type: `string | function`, `'query' | 'fragment'`. Besides the words of
 * `typeof` there are `list` and `signal`. True: any value.
 */
export type OptionKind = string | true

/** The names of all options of a function or component, and what their values must be. */
export type OptionNames<Options> = Readonly<Record<keyof Options & string, OptionKind>>

/**
 * Throws for an option that does not exist, and for a value of another kind: in JavaScript, and in an object that is built elsewhere, no
 * type reports a misspelled name, and an option that is ignored may be the one that keeps a token where it belongs. Options with the value
 * `undefined` or `null` are ignored, and so are options that are `undefined` as a whole.
 *
 * @param where as it reads in a message: `createOAuthClient()`
 * @param need options that are `undefined` as a whole are refused as well
 * @throws ConfigurationError configuration, with the most similar name
 */
export function refuseUnknownOptions(
  where: string,
  options: unknown,
  names: Readonly<Record<string, OptionKind>>,
  need?: 'required',
): void {
  if (options === undefined && !need) return
  if (!isOfKind(options, 'object')) {
    throw createError('configuration', `${where}: expected an object with options. Received ${nameOf(options)}.`, {
      hint: `The options are: ${Object.keys(names).join(', ')}.`,
    })
  }
  const values = options as Readonly<Record<string, unknown>>
  const given = Object.keys(values).filter((name) => values[name] !== undefined)
  const unknown = given.find((name) => !Object.hasOwn(names, name))
  if (unknown !== undefined) {
    const similar = mostSimilar(unknown, Object.keys(names))
    throw createError('configuration', `${where} has no option "${unknown}".`, { hint: hintFor(values, similar, names) })
  }
  for (const name of given) refuseOtherKind(where, name, [values[name], names[name] ?? true])
}

/**
 * As `refuseUnknownOptions`, for options that are passed on to other code: a name is refused only if it is nearly one of `names`.
 *
 * @throws ConfigurationError configuration, with the name that was likely meant
 */
export function refuseSimilarOptions(where: string, options: unknown, names: Readonly<Record<string, OptionKind>>): void {
  const isOurs = ([name]: readonly [string, unknown]): boolean =>
    Object.hasOwn(names, name) || mostSimilar(name, Object.keys(names)) !== undefined
  const given = isOfKind(options, 'object') ? Object.fromEntries(Object.entries(options as object).filter(isOurs)) : options
  refuseUnknownOptions(where, given, names)
}

/**
 * @param argument `null` is treated as absent, unless the value is required; a value that must be `filled` is no empty text either
 * @throws ConfigurationError if the value is not of the kind
 */
export function refuseOtherKind(
  where: string,
  name: string,
  [value, kind, need]: readonly [value: unknown, kind: OptionKind, need?: 'required' | 'filled'],
): void {
  if (kind === true || (value === null && !need)) return
  const kinds = kind.split(' | ')
  if (kinds.some((one) => isOfKind(value, one)) && !(value === '' && need === 'filled')) return
  const words = kinds.filter((one) => one.startsWith("'")).map((one) => one.slice(1, -1))
  const similar = typeof value === 'string' ? mostSimilar(value, words) : undefined
  // Other text may be a secret in the wrong place.
  const received = similar === undefined ? nameOf(value) : JSON.stringify(value)
  throw createError('configuration', `${where}: "${name}" must be ${kind.replaceAll("'", '"')}. Received ${received}.`, {
    hint: similar === undefined ? hintOf(need) : `Did you mean "${similar}"?`,
  })
}

function isOfKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case 'list':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'signal':
      // Test runners that emulate a page replace `EventTarget` alone, and a signal of another frame has another class.
      return (
        isOfKind(value, 'object') && 'aborted' in Object(value) && typeof (value as AbortSignal).addEventListener === 'function'
      )
    default:
      return kind === `'${String(value)}'` || typeof value === kind
  }
}

function hintOf(need: string | undefined): string {
  return need ? 'Pass a value of that type: it has no default.' : 'Change the value, or omit the option to get its default.'
}

function nameOf(value: unknown): string {
  if (value === '') return 'an empty text'
  if (Array.isArray(value)) return 'a list'
  if (value === undefined || value === null) return String(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
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
  if (best && best.distance <= Math.max(1, Math.round(plain.length / 3))) return best.one
  // `timeout` for `timeoutSeconds`, `algorithm` for `alg`.
  return names.find((one) => isStart(plain, simplified(one)) || isStart(simplified(one), plain))
}

function isStart(part: string, name: string): boolean {
  return part.length >= 3 && name.startsWith(part)
}

function simplified(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase()
}

/** Letters to insert, remove or replace. @see Levenshtein distance */
export function editDistance(from: string, to: string): number {
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
