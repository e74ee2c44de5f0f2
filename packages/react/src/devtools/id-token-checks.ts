import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, type JWTPayload } from 'jose'
import { encodedSha256, halfHash } from './hashes.js'

/** One check of an ID token, with what it compared. Contains no token, nonce or code. */
export interface IdTokenCheck {
  /** The claim, `signature`, or a member of the header. */
  readonly name: string
  /** `skipped`: there was nothing to compare. */
  readonly result: 'passed' | 'failed' | 'skipped'
  readonly expected: string
  readonly received: string
}

/** A secret that is compared without being stored. */
export interface Fingerprint {
  readonly masked: string
  /** SHA-256, base64url. */
  readonly hash: string
}

/** What an ID token is checked against. What is unknown is skipped. */
export interface IdTokenContext {
  readonly issuer?: string | undefined
  readonly clientId: string
  /** Default `RS256`. */
  readonly algorithm?: string | undefined
  /** Seconds. */
  readonly tolerance: number
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly keys?: JSONWebKeySet | undefined
  /** Of the authorization request. */
  readonly nonce?: Fingerprint | undefined
  readonly isRefresh?: boolean | undefined
  readonly accessToken?: string | undefined
  readonly code?: string | undefined
  /** The requested `max_age`, in seconds. */
  readonly maxAge?: number | undefined
  /** The requested `acr_values`. */
  readonly acrValues?: string | undefined
  /** The claims of the ID token that a refresh renews. */
  readonly former?: FormerClaims | undefined
  /** Whether an option accepts issuers or audiences beyond the usual ones: then a difference is no failure. */
  readonly acceptsOthers?: boolean | undefined
}

/** What must stay the same when an ID token is renewed. @see OpenID Connect Core 1.0, section 12.2 */
export interface FormerClaims {
  readonly iss?: string | undefined
  readonly sub?: string | undefined
}

interface Token {
  readonly text: string
  readonly header: ReturnType<typeof decodeProtectedHeader>
  readonly claims: JWTPayload
}

type Outcome = Omit<IdTokenCheck, 'name'>

const ABSENT = 'absent'
/** Seconds that `iat` may be in the future, as in the client. */
const FUTURE_SECONDS = 600

/**
 * Repeats the checks of an ID token one by one, so that each can be shown. The client has its own, which decide.
 *
 * @see OpenID Connect Core 1.0, sections 3.1.3.7 and 12.2
 */
export async function checkIdToken(text: string, context: IdTokenContext): Promise<readonly IdTokenCheck[]> {
  const token = read(text)
  if (!token)
    return [{ name: 'format', result: 'skipped', expected: 'a signed JSON Web Token', received: 'another or an encrypted one' }]
  const algorithm = String(token.header.alg)
  const outcomes: ReadonlyArray<readonly [name: string, outcome: Outcome]> = [
    ['signature', await signature(token, context)],
    ['alg', compare(context.algorithm ?? 'RS256', algorithm)],
    ['iss', issuer(token.claims, context)],
    ['sub', subject(token.claims, context)],
    ['aud', audience(token.claims, context)],
    ['azp', authorizedParty(token.claims, context)],
    ...times(token.claims, context),
    ['nonce', await nonce(token.claims, context)],
    ['at_hash', await hash(token.claims['at_hash'], context.accessToken, algorithm)],
    ['c_hash', await hash(token.claims['c_hash'], context.code, algorithm)],
    ['auth_time', signInTime(token.claims, context)],
    ['acr', authenticationClass(token.claims, context)],
  ]
  return outcomes.map(([name, outcome]) => ({ name, ...outcome }))
}

function read(text: string): Token | undefined {
  try {
    return { text, header: decodeProtectedHeader(text), claims: decodeJwt(text) }
  } catch {
    return undefined
  }
}

async function signature({ text, header }: Token, { keys, algorithm = 'RS256' }: IdTokenContext): Promise<Outcome> {
  const name = header.kid === undefined ? 'no "kid"' : `"kid" ${shortened(header.kid)}`
  if (!keys) return skipped('a key of the server', `${name}; the key set was not seen in this tab`)
  try {
    await compactVerify(text, createLocalJWKSet(keys), { algorithms: [algorithm] })
    return { result: 'passed', expected: 'made with a key of the server', received: `verified with ${name}` }
  } catch (cause) {
    const code = (cause as { readonly code?: unknown }).code
    const isUnknown = code === 'ERR_JWKS_NO_MATCHING_KEY'
    const known = keys.keys.map(({ kid }) => (kid === undefined ? '(no "kid")' : shortened(kid))).join(', ')
    const received = isUnknown ? `no key for ${name}; the key set has ${known}` : `${name}: not made with that key`
    return { result: 'failed', expected: 'made with a key of the server', received }
  }
}

function shortened(kid: string): string {
  return kid.length > 20 ? `${kid.slice(0, 8)}…${kid.slice(-4)}` : kid
}

function issuer({ iss }: JWTPayload, { issuer: expected, former, acceptsOthers }: IdTokenContext): Outcome {
  const outcome = compare(former?.iss ?? expected, iss)
  return outcome.result === 'failed' && acceptsOthers
    ? skipped(`${expected}, or one that "acceptedIssuers" accepts`, iss)
    : outcome
}

function subject({ sub }: JWTPayload, { former }: IdTokenContext): Outcome {
  if (former?.sub !== undefined) return compare(former.sub, sub)
  return verdict(typeof sub === 'string' && sub !== '', 'a user', show(sub))
}

function audience({ aud }: JWTPayload, { clientId }: IdTokenContext): Outcome {
  return verdict([aud].flat().includes(clientId), clientId, show(aud))
}

function authorizedParty({ azp, aud }: JWTPayload, { clientId, acceptsOthers }: IdTokenContext): Outcome {
  if (azp !== undefined) return compare(clientId, azp)
  const isRequired = Array.isArray(aud) && aud.length > 1 && !acceptsOthers
  return isRequired
    ? verdict(false, `${clientId}, because "aud" has several`, ABSENT)
    : skipped(`${clientId}, if present`, ABSENT)
}

function times({ exp, iat, nbf }: JWTPayload, { now, tolerance }: IdTokenContext): ReadonlyArray<readonly [string, Outcome]> {
  const seconds = now / 1000
  const at = `${time(seconds)} ± ${tolerance} s`
  return [
    ['exp', verdict(typeof exp === 'number' && exp > seconds - tolerance, `after ${at}`, time(exp))],
    [
      'iat',
      verdict(typeof iat === 'number' && iat <= seconds + FUTURE_SECONDS, `before ${time(seconds + FUTURE_SECONDS)}`, time(iat)),
    ],
    [
      'nbf',
      nbf === undefined
        ? skipped('not in the future, if present', ABSENT)
        : verdict(nbf <= seconds + tolerance, `before ${at}`, time(nbf)),
    ],
  ]
}

async function nonce({ nonce: received }: JWTPayload, { nonce: expected, isRefresh }: IdTokenContext): Promise<Outcome> {
  const shown = typeof received === 'string' ? `…${received.slice(-4)} (${received.length})` : ABSENT
  if (isRefresh) return skipped('not needed for a refresh', shown)
  if (!expected) return skipped('that of the request, which was not seen in this tab', shown)
  return verdict(typeof received === 'string' && (await encodedSha256(received)) === expected.hash, expected.masked, shown)
}

async function hash(received: unknown, value: string | undefined, algorithm: string): Promise<Outcome> {
  if (value === undefined) return skipped('nothing to compare with', show(received))
  const expected = await halfHash(value, algorithm).catch(() => undefined)
  if (expected === undefined) return skipped(`the algorithm ${algorithm} has no hash`, show(received))
  return received === undefined ? skipped(`${expected}, if present`, ABSENT) : compare(expected, received)
}

function signInTime({ auth_time: received }: JWTPayload, { maxAge, now, tolerance }: IdTokenContext): Outcome {
  const shown = typeof received === 'number' ? time(received) : ABSENT
  if (maxAge === undefined) return skipped('no "max_age" in the request', shown)
  const earliest = now / 1000 - maxAge - tolerance
  return verdict(typeof received === 'number' && received >= earliest, `after ${time(earliest)}, by "max_age" ${maxAge}`, shown)
}

/** `acr_values` is voluntary: a server may return another class. */
function authenticationClass({ acr }: JWTPayload, { acrValues }: IdTokenContext): Outcome {
  if (acrValues === undefined) return skipped('none requested', show(acr))
  return acrValues.split(' ').includes(String(acr))
    ? verdict(true, acrValues, show(acr))
    : skipped(`preferably ${acrValues}`, show(acr))
}

function compare(expected: string | undefined, received: unknown): Outcome {
  return expected === undefined
    ? skipped('unknown in this tab', show(received))
    : verdict(received === expected, expected, show(received))
}

function verdict(hasPassed: boolean, expected: string, received: string): Outcome {
  return { result: hasPassed ? 'passed' : 'failed', expected, received }
}

function skipped(expected: string, received: string | undefined): Outcome {
  return { result: 'skipped', expected, received: received ?? ABSENT }
}

function show(value: unknown): string {
  if (value === undefined) return ABSENT
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** With the date, if it is another one than today's. */
function time(seconds: number | undefined): string {
  if (typeof seconds !== 'number' || Math.abs(seconds) > 1e11) return show(seconds)
  const date = new Date(seconds * 1000)
  return date.toDateString() === new Date().toDateString() ? date.toLocaleTimeString() : date.toLocaleString()
}
