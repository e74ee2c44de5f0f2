import { quote, ResourceError } from '../http/resource-error.js'
import { checkNames } from './verifier-options.js'

/** What a request needs, in addition to a valid token. */
export interface TokenRequirements {
  /** Space-separated; the token must have all of it. @see RFC 6750, section 3.1 */
  readonly scope?: string | undefined
  /** Space-separated authentication contexts; the token's `acr` must be one of them. @see RFC 9470, section 3 */
  readonly acrValues?: string | undefined
  /** The sign-in (`auth_time`) may be this many seconds ago. @see RFC 9470, section 3 */
  readonly maxAge?: number | undefined
}

/** Requirements that were checked: those of a route are the same object for each request. */
const checked = new WeakSet<TokenRequirements>()

/** Throws a TypeError for an unknown requirement: without its scope, an API would be open to every token. */
export function checkRequirements(requirements: TokenRequirements): void {
  if (checked.has(requirements)) return
  checkNames('requirements', requirements, { scope: true, acrValues: true, maxAge: true })
  const { scope, acrValues, maxAge } = requirements
  for (const [name, value] of Object.entries({ scope, acrValues })) {
    if (value !== undefined && (typeof value !== 'string' || namesIn(value).length === 0))
      throw new TypeError(`requirements: "${name}" must be a space-separated text. Received ${JSON.stringify(value)}`)
  }
  if (maxAge !== undefined && !(typeof maxAge === 'number' && maxAge >= 0))
    throw new TypeError(`requirements: "maxAge" must be a number of seconds, 0 or more. Received ${JSON.stringify(maxAge)}`)
  checked.add(requirements)
}

/** A token, and the time. */
export interface RequirementsContext {
  readonly scope: readonly string[]
  readonly claims: Readonly<Record<string, unknown>>
  /** Seconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly clockTolerance: number
}

/** Throws ResourceError `insufficient_scope` or `insufficient_user_authentication`. */
export function checkToken(required: TokenRequirements, { scope, claims, now, clockTolerance }: RequirementsContext): void {
  const missing = namesIn(required.scope).filter((name) => !scope.includes(name))
  if (missing.length > 0) {
    throw new ResourceError('insufficient_scope', `the access token does not have the scope "${missing.join(' ')}"`, {
      hint: `The client must request it: add it to its option "scope", and have the issuer allow it. The token has ${quote(scope.join(' '))}.`,
    })
  }
  const { acr, auth_time: authTime } = claims
  const acrValues = namesIn(required.acrValues)
  const isStrong = acrValues.length === 0 || (typeof acr === 'string' && acrValues.includes(acr))
  const { maxAge } = required
  const age = typeof authTime === 'number' ? now - authTime : Number.NaN
  const isRecent = maxAge === undefined || isWithin(age, maxAge, clockTolerance)
  if (isStrong && isRecent) return
  const reason = isStrong ? reasonOf(age) : 'the sign-in was not one of the required kind'
  throw new ResourceError('insufficient_user_authentication', reason, {
    hint: `The token has the "acr" ${quote(acr)} and the "auth_time" ${quote(authTime)}. The client must send the user through a sign-in with these "acr_values" and "max_age" (option "stepUp" of Latchkey's client). The issuer must write "acr" and "auth_time" into its access tokens (RFC 9470, section 6).`,
    parameters: {
      ...(required.acrValues !== undefined && { acr_values: acrValues.join(' ') }),
      ...(maxAge !== undefined && { max_age: String(maxAge) }),
    },
  })
}

/** A time in the future, such as one in milliseconds, would be recent without end. */
function isWithin(age: number, maxAge: number, clockTolerance: number): boolean {
  return age <= maxAge + clockTolerance && age >= -clockTolerance
}

function reasonOf(age: number): string {
  return age < 0 ? "its 'auth_time' is in the future" : 'the user signed in too long ago'
}

function namesIn(text: string = ''): readonly string[] {
  return text.split(' ').filter((name) => name !== '')
}
