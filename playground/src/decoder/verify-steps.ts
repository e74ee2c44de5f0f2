import {
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose'

/** What a token is checked against. */
export interface Expectations {
  readonly issuer: string
  /** Who the token must be for: the client ID for an ID token, the API for an access token. */
  readonly audience: string
  /** The public keys of the issuer. */
  readonly keys: readonly JWK[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** One check of a token. */
export interface VerifyStep {
  readonly title: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** What was expected and what was received. */
  readonly detail: string
  readonly spec: string
  /** What would happen without the check. */
  readonly withoutCheck: string
}

/** A token, taken apart. */
export interface DecodedToken {
  readonly header: JWTHeaderParameters
  readonly payload: JWTPayload
}

/** Seconds by which clocks may differ. */
const TOLERANCE = 30

/** @returns undefined if the text is not a signed JSON Web Token */
export function decodeToken(text: string): DecodedToken | undefined {
  try {
    return { header: decodeProtectedHeader(text) as JWTHeaderParameters, payload: decodeJwt(text) }
  } catch {
    return undefined
  }
}

/** Verifies a token step by step, as an app or an API does. All steps run, so that the reader sees every reason. */
export async function verifySteps(token: string, decoded: DecodedToken, expected: Expectations): Promise<readonly VerifyStep[]> {
  const { header, payload } = decoded
  const key = findKey(header, expected.keys)
  return [
    algorithmStep(header),
    keyStep(header, key),
    await signatureStep(token, header, key),
    issuerStep(payload, expected.issuer),
    audienceStep(payload, expected.audience),
    expiryStep(payload, expected.now),
    startStep(payload, expected.now),
  ]
}

function algorithmStep({ alg }: JWTHeaderParameters): VerifyStep {
  const isAsymmetric = /^(RS|PS|ES)\d{3}$|^Ed(DSA|25519)$/.test(alg)
  return {
    title: 'The algorithm is permitted',
    state: isAsymmetric ? 'passed' : 'failed',
    detail: isAsymmetric
      ? `“alg” is ${alg}: only the server has the private key.`
      : `“alg” is ${shown(alg)}. Expected is a signature with a private key, such as RS256 or ES256. “none” has no signature, and with HS256 everyone who can verify can also sign.`,
    spec: 'RFC 8725, section 3.1',
    withoutCheck: 'Anyone could write a token without a signature, with any user and any permission.',
  }
}

function findKey({ kid, alg }: JWTHeaderParameters, keys: readonly JWK[]): JWK | undefined {
  const candidates = keys.filter((key) => (key.use ?? 'sig') === 'sig' && (key.alg ?? alg) === alg && key.kty !== 'oct')
  if (kid !== undefined) return candidates.find((key) => key.kid === kid)
  return candidates.length === 1 ? candidates[0] : undefined
}

function keyStep({ kid }: JWTHeaderParameters, key: JWK | undefined): VerifyStep {
  return {
    title: 'The server publishes the key',
    state: key ? 'passed' : 'failed',
    detail: key
      ? `The key “${key.kid ?? 'without an ID'}” is among the server’s keys.`
      : `The header names the key “${kid ?? 'none'}”. The server publishes no such key.`,
    spec: 'OpenID Connect Core 1.0, section 10.1',
    withoutCheck: 'Anyone could sign a token with their own key.',
  }
}

async function signatureStep(token: string, { alg }: JWTHeaderParameters, key: JWK | undefined): Promise<VerifyStep> {
  const step = {
    title: 'The signature is valid',
    spec: 'RFC 7515, section 5.2',
    withoutCheck: 'Anyone who receives a token could change the user or the permissions in it.',
  }
  if (!key) return { ...step, state: 'skipped', detail: 'Without the key, the signature cannot be verified.' }
  try {
    await compactVerify(token, await importJWK(key, alg))
    return { ...step, state: 'passed', detail: 'Header and payload are what the server signed: not one character was changed.' }
  } catch (error) {
    return { ...step, state: 'failed', detail: signatureProblem(error) }
  }
}

function signatureProblem(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'The signature does not belong to this header and payload, or belongs to another key.'
  if (error instanceof errors.JOSENotSupported)
    return 'The header requires an extension (“crit”) or an algorithm that this page does not support. A recipient that does not support it must reject the token.'
  return `The signature cannot be verified: ${error instanceof Error ? error.message : String(error)}.`
}

/** @returns the value of a claim as the token contains it */
function shown(value: unknown): string {
  if (value === undefined) return 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function audienceStep({ aud }: JWTPayload, audience: string): VerifyStep {
  const values = Array.isArray(aud) ? aud : [aud]
  const isIncluded = values.includes(audience)
  return {
    title: 'The token is for this recipient',
    state: isIncluded ? 'passed' : 'failed',
    detail: `Expected “aud” to include ${audience}. Received ${values.map(shown).join(', ') || 'none'}.`,
    spec: 'RFC 7519, section 4.1.3',
    withoutCheck: 'Another app could use a token that it received from you to sign in here as you.',
  }
}

function issuerStep({ iss }: JWTPayload, issuer: string): VerifyStep {
  return {
    title: 'The issuer is the expected server',
    state: iss === issuer ? 'passed' : 'failed',
    detail: `Expected “iss” to be ${issuer}. Received ${shown(iss)}.`,
    spec: 'RFC 7519, section 4.1.1',
    withoutCheck: 'Another server that the app trusts could issue tokens for the users of this one.',
  }
}

function expiryStep({ exp }: JWTPayload, now: number): VerifyStep {
  const step = {
    title: 'It has not expired',
    spec: 'RFC 7519, section 4.1.4',
    withoutCheck: 'A stolen token could be used without any limit in time.',
  }
  if (exp === undefined)
    return { ...step, state: 'failed', detail: 'The token has no “exp”, so it would be valid without any limit.' }
  if (typeof exp !== 'number') return { ...step, state: 'failed', detail: notANumber('exp', exp) }
  const seconds = exp - Math.floor(now / 1000)
  if (seconds > 0) return { ...step, state: 'passed', detail: `It expires in ${seconds} s.` }
  if (seconds > -TOLERANCE)
    return { ...step, state: 'passed', detail: `It expired ${-seconds} s ago. ${TOLERANCE} s are tolerated.` }
  return { ...step, state: 'failed', detail: `It expired ${-seconds} s ago.` }
}

function startStep({ nbf, iat }: JWTPayload, now: number): VerifyStep {
  const start = nbf ?? iat
  const step = {
    title: 'It is already valid',
    spec: 'RFC 7519, section 4.1.5',
    withoutCheck: 'A token that was issued for later could be used now.',
  }
  if (start === undefined) return { ...step, state: 'skipped', detail: 'The token has neither “nbf” nor “iat”.' }
  if (typeof start !== 'number') return { ...step, state: 'failed', detail: notANumber(nbf === undefined ? 'iat' : 'nbf', start) }
  const seconds = Math.floor(now / 1000) - start
  if (seconds < -TOLERANCE) return { ...step, state: 'failed', detail: `It becomes valid in ${-seconds} s.` }
  const verb = nbf === undefined ? 'was issued' : 'became valid'
  return {
    ...step,
    state: 'passed',
    detail: seconds < 0 ? `${-seconds} s early. ${TOLERANCE} s are tolerated.` : `It ${verb} ${seconds} s ago.`,
  }
}

function notANumber(name: string, value: unknown): string {
  return `“${name}” must be a number of seconds since 1970. Received ${JSON.stringify(value)}.`
}
