import { decodeJwt, errors, jwtVerify, type JWTHeaderParameters, type JWTVerifyResult } from 'jose'
import { quote, ResourceError } from '../http/resource-error.js'
import type { KeyFinder } from './key-set.js'
import { RFC_9068, type CompleteProfile } from './token-profile.js'
import { hasAudience, scopeList, textOf, type CheckedToken } from './token-claims.js'

/** What JWT access tokens of an issuer are checked against. */
export interface JwtExpectations {
  readonly issuer: string
  readonly audience: readonly string[]
  readonly profile: CompleteProfile
  readonly algorithms: ReadonlySet<string>
  readonly findKey: KeyFinder
  /** Seconds. */
  readonly clockTolerance: number
  /** Returns the time in milliseconds since the epoch. */
  readonly now: () => number
}

/** Checks a JWT access token. Throws ResourceError `invalid_token`, or `temporarily_unavailable` without keys. @see RFC 9068, section 4 */
export async function verifyJwt(token: string, expected: JwtExpectations): Promise<CheckedToken> {
  const { profile, issuer, audience } = expected
  const { payload: claims, protectedHeader } = await verifySignature(token, expected)
  checkType(protectedHeader, profile)
  for (const name of profile.requiredClaims)
    if (claims[name] === undefined) throw invalid(`it has no claim "${name}"`, hintFor(name, profile))
  if (!hasAudience(profile.audience(claims), audience))
    throw invalid(`it is for ${quote(profile.audience(claims))}; expected ${audience.map(quote).join(' or ')}`, AUDIENCE_HINT)
  if (claims.iat !== undefined && claims.iat > expected.now() / 1000 + expected.clockTolerance)
    throw invalid('it is issued in the future ("iat")', 'Compare the clocks of this machine and of the issuer.')
  const reason = profile.check(claims, protectedHeader)
  if (reason !== undefined) throw invalid(reason)
  return { issuer, claims, clientId: textOf(profile.clientId(claims)), scope: scopeList(profile.scope(claims)) }
}

const AUDIENCE_HINT =
  'Set "audience" to the value that the issuer writes for this API, or have the client request a token for it ("resource", RFC 8707).'

/** Creates the error of a token that is refused. */
export function invalid(reason: string, hint?: string, cause?: unknown): ResourceError {
  return new ResourceError('invalid_token', `the access token is not valid: ${reason}`, { hint, cause })
}

function hintFor(name: string, { requiredClaims }: CompleteProfile): string {
  if (requiredClaims !== RFC_9068.requiredClaims)
    return `The profile of the issuer requires "${name}". Check that "issuer" and its profile describe the server that issues the tokens.`
  return `RFC 9068 requires "${name}". For an issuer without it, set "profile" of the issuer, or use its function of "@latchkey/resource/providers".`
}

function checkType({ typ }: JWTHeaderParameters, { types }: CompleteProfile): void {
  const type = (typ ?? '').toLowerCase().replace(/^application\//, '')
  if (types.includes(type)) return
  const hint = 'An ID token is no access token. If the issuer has no "at+jwt", set "profile" of the issuer (RFC 9068, section 4).'
  throw invalid(
    `its "typ" is ${quote(typ)}; expected ${types
      .filter((each) => each !== '')
      .map(quote)
      .join(' or ')}`,
    hint,
  )
}

async function verifySignature(token: string, expected: JwtExpectations): Promise<JWTVerifyResult> {
  const { algorithms, issuer, clockTolerance, now, findKey } = expected
  // Checked before the key is looked up, as jose does with a list of which it makes a set each time.
  const keyOf: KeyFinder = (header, input) => {
    if (!algorithms.has(header.alg ?? '')) throw new errors.JOSEAlgNotAllowed('"alg" is not accepted')
    return findKey(header, input)
  }
  const options = {
    issuer,
    clockTolerance,
    requiredClaims: ['exp'],
    currentDate: new Date(now()),
  }
  try {
    return await jwtVerify(token, keyOf, options)
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return tryKeys(token, error, options)
    throw otherIssuer(token, issuer, error) ?? explain(error, expected)
  }

  /** A token without `kid`, of an issuer with several keys. @see RFC 7515, section 4.1.4 */
  async function tryKeys(jwt: string, keys: errors.JWKSMultipleMatchingKeys, given: typeof options): Promise<JWTVerifyResult> {
    for await (const key of keys) {
      try {
        return await jwtVerify(jwt, key, given)
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw explain(error, expected)
      }
    }
    const failure = new errors.JWSSignatureVerificationFailed()
    throw otherIssuer(token, issuer, failure) ?? explain(failure, expected)
  }
}

/** Creates the error of a token whose issuer is another one. */
export function wrongIssuer(received: unknown, accepted: readonly string[], cause?: unknown): ResourceError {
  return invalid(`its issuer is ${quote(received)}; expected ${accepted.map(quote).join(' or ')}`, ISSUER_HINT, cause)
}

const ISSUER_HINT =
  'If you trust that issuer, set "issuer" to exactly this identifier. A slash at the end, or another host name or port, makes it another issuer.'

/**
 * The error of a token that names another issuer. The keys of this one cannot fit it, or cannot be loaded because its identifier is
 * misspelled, and neither would tell the developer what is wrong.
 */
function otherIssuer(token: string, issuer: string, cause: unknown): ResourceError | undefined {
  const isAboutKeys =
    cause instanceof ResourceError ||
    cause instanceof errors.JWKSNoMatchingKey ||
    cause instanceof errors.JWSSignatureVerificationFailed
  if (!isAboutKeys) return undefined
  try {
    const { iss } = decodeJwt(token)
    return iss === undefined || iss === issuer ? undefined : wrongIssuer(iss, [issuer], cause)
  } catch {
    return undefined
  }
}

/** Turns an error of jose into the refusal. Nothing of the token is quoted but the claim that is wrong. */
function explain(error: unknown, { issuer, algorithms }: JwtExpectations): ResourceError {
  if (error instanceof ResourceError) return error
  if (error instanceof errors.JWTExpired) return invalid('it has expired', 'The client must refresh it.', error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, payload, reason } = error
    if (reason === 'missing') return invalid(`it has no claim "${claim}"`, undefined, error)
    if (claim === 'iss') return wrongIssuer(payload.iss, [issuer], error)
    if (claim === 'nbf')
      return invalid('it is not valid yet ("nbf")', 'Compare the clocks of this machine and of the issuer.', error)
    return invalid(`its claim "${claim}" is not valid`, undefined, error)
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid(`its "alg" is not accepted; expected ${[...algorithms].join(', ')}`, undefined, error)
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('its signature is wrong', undefined, error)
  if (error instanceof errors.JWKSNoMatchingKey)
    return invalid('its issuer has no key with its "kid" and "alg"', 'Keys are loaded again at most once a minute.', error)
  return invalid('it is no signed JWT', undefined, error)
}
