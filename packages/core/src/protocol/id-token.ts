import { decodeBase64, encodedHash, readBase64Json } from '../platform/base64.js'
import { requireWebCrypto } from '../platform/require-web-crypto.js'
import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { IdTokenClaims } from './claims.js'
import type { IdTokenExpectation } from './expectation.js'
import type { JsonObject } from './endpoint-request.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerRecord } from './server-metadata.js'

/**
 * Checks an ID token in full. Most tokens pass `plainClaims`, which is short and accepts nothing that the complete checks refuse. Any
 * other token, whatever the reason, is checked by `id-token-checks.ts` with oauth4webapi, 5 kB that most sign-ins do not load.
 *
 * @throws ValidationError invalid_id_token, invalid_jwks; NetworkError if keys had to be fetched
 * @see OpenID Connect Core 1.0, sections 3.1.3.7 and 12.2
 */
export async function checkIdToken(
  context: ProtocolContext,
  server: ServerRecord,
  idToken: string,
  expectation: IdTokenExpectation,
): Promise<IdTokenClaims> {
  requireWebCrypto()
  signingAlgorithm(context.options)
  const claims = await plainClaims(context, server, idToken, expectation).catch(() => undefined)
  if (claims) return claims
  const { checkEveryIdToken } = await (await context.load()).oauth4webapi()
  return checkEveryIdToken(context, server, idToken, expectation)
}

const ASYMMETRIC_ALGORITHMS = /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/

/** The client's metadata decides, never the token: else a token could choose a weaker algorithm (RFC 8725, section 3.1). */
export function signingAlgorithm(options: Pick<ProtocolOptions, 'idTokenSignedResponseAlg'>): string {
  const algorithm = options.idTokenSignedResponseAlg ?? 'RS256'
  if (ASYMMETRIC_ALGORITHMS.test(algorithm)) return algorithm
  throw createError('configuration', ['idTokenAlgorithm', algorithm])
}

/** Seconds. */
export function toleranceOf({ options }: ProtocolContext): number {
  return options.clockTolerance ?? 30
}

/** How far in the future `iat` may be: a slow device clock is common, a token from next week is not. */
export const FUTURE_TOLERANCE_SECONDS = 600

/** WebCrypto's names of the algorithms that almost all ID tokens are signed with. @see RFC 7518, section 3.1 */
const PLAIN_ALGORITHMS: Readonly<Record<string, readonly [keyType: string, name: string]>> = {
  RS256: ['RSA', 'RSASSA-PKCS1-v1_5'],
  ES256: ['EC', 'ECDSA'],
}

/**
 * @returns the claims of a token that is signed by a stored key and passes every check; undefined for any other token, and where an
 *   option or the request asks for a rarer check
 */
export async function plainClaims(
  context: ProtocolContext,
  { metadata, jwks }: ServerRecord,
  idToken: string,
  expected: IdTokenExpectation,
): Promise<IdTokenClaims | undefined> {
  const { idTokenSignedResponseAlg: alg = 'RS256', acceptedIssuers, trustedAudiences } = context.options
  const [head, body, signature] = idToken.split('.')
  const header = { ...(readBase64Json(head) as JsonObject) }
  const claims = { ...(readBase64Json(body) as IdTokenClaims) }
  const [key, ...others] = jwks?.keys.filter((one) => isKeyOf(header, one, alg)) ?? []
  const isPlain = [
    !acceptedIssuers && !trustedAudiences,
    /^[\w-]+\.[\w-]+\.[\w-]+$/.test(idToken),
    header['alg'] === alg && header['crit'] === undefined && PLAIN_TYPES.includes(header['typ']),
    claims.iss === metadata.issuer,
    key && others.length === 0,
  ].every(Boolean)
  const isValid =
    isPlain &&
    hasExpectedClaims(context, claims, expected) &&
    (await hasExpectedHash(claims, expected)) &&
    (await isSigned(`${head}.${body}`, signature, key, alg))
  return isValid ? claims : undefined
}

async function isSigned(text: string, signature = '', key: JsonWebKey = {}, alg = ''): Promise<boolean> {
  const { kty, n, e, crv, x, y } = key
  const algorithm = { name: PLAIN_ALGORITHMS[alg]?.[1] ?? '', hash: 'SHA-256', namedCurve: 'P-256' }
  const imported = await crypto.subtle.importKey('jwk', { kty, n, e, crv, x, y } as JsonWebKey, algorithm, false, ['verify'])
  const { modulusLength = MIN_RSA_BITS } = imported.algorithm as Partial<RsaKeyAlgorithm>
  const isLong = modulusLength >= MIN_RSA_BITS
  return isLong && crypto.subtle.verify(algorithm, imported, decodeBase64(signature), new TextEncoder().encode(text))
}

const PLAIN_TYPES: readonly unknown[] = [undefined, 'JWT', 'jwt']
const MIN_RSA_BITS = 2048

/** A key with `null` members is left to the complete checks. */
function isKeyOf({ kid }: JsonObject, key: JsonWebKey & { readonly kid?: unknown }, expected: string): boolean {
  const { kty, kid: name, alg = expected, use = 'sig', key_ops: operations = ['verify'] } = key
  const isUsable = alg === expected && use === 'sig' && operations.includes('verify')
  return isUsable && kty === PLAIN_ALGORITHMS[alg]?.[0] && (kid === undefined || name === kid)
}

/** What absent claims are read as: values that pass. */
const ABSENT = { nbf: 0, auth_time: 0, amr: [], typ: 'ID', token_use: 'id', tok_type: 'IT' } as const

function hasExpectedClaims(context: ProtocolContext, claims: JsonObject, expected: IdTokenExpectation): boolean {
  const { clientId } = context.options
  const {
    iss,
    sub,
    aud,
    exp,
    iat,
    nbf,
    auth_time: time,
    azp,
    amr,
    nonce,
    events,
    ...kind
  } = {
    ...ABSENT,
    azp: clientId,
    ...claims,
  } as JsonObject
  const { issuer = iss, subject = sub, former, isSameSession } = expected
  const now = serverNowSeconds(context)
  const tolerance = toleranceOf(context)
  return [
    iss === issuer,
    sub && typeof sub === 'string' && sub === subject,
    listed(aud) === listed(clientId),
    azp === clientId,
    isIn(exp, now - tolerance + 1),
    isIn(iat, 0, now + FUTURE_TOLERANCE_SECONDS),
    isIn(nbf, 0, now + tolerance),
    isIn(time, 0),
    expected.maxAge === undefined && !expected.acrEssential,
    expected.isRefresh || nonce === expected.nonce,
    isTextList(amr),
    events === undefined && kind['typ'] === 'ID' && kind['token_use'] === 'id' && kind['tok_type'] === 'IT',
    !former || isSameSession?.(claims, former),
  ].every(Boolean)
}

function isIn(value: unknown, least: number, most = Infinity): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** One value or a list of values as a text that can be compared. */
export function listed(value: unknown): string {
  return JSON.stringify([value].flat())
}

async function hasExpectedHash({ at_hash: hash }: JsonObject, { accessToken }: IdTokenExpectation): Promise<boolean> {
  return hash === undefined || accessToken === undefined || hash === (await encodedHash(accessToken, 256, 16))
}

/** @returns seconds since the epoch on the server's clock, as far as its offset is known */
export function serverNowSeconds(context: ProtocolContext): number {
  return Math.floor(context.environment.now() / 1000 + context.clockOffsetSeconds())
}

/**
 * Learns the server's clock from a response's `Date` header, if the browser exposes it (same origin, or
 * `Access-Control-Expose-Headers: Date`). The header comes over TLS from the server whose clock is in question, so it may correct
 * the device's clock; the ID token is then checked against the corrected clock, not with more tolerance.
 * Differences of a few seconds come from the network: they do not change the known offset.
 *
 * @returns the context to continue with
 */
export function withServerClock(context: ProtocolContext, headers: Headers): ProtocolContext {
  const date = Date.parse(headers.get('date') ?? '')
  const offset = Math.round((date - context.environment.now()) / 1000)
  if (Number.isNaN(offset) || Math.abs(offset - context.clockOffsetSeconds()) <= 5) return context
  context.noteClockOffset(offset)
  return { ...context, clockOffsetSeconds: () => offset }
}

/**
 * Runs a check that depends on the time. If it fails for that reason only, it runs once more with the clock of the server that the app
 * came from: its `Date` is of this origin and can always be read, unlike the authorization server's.
 *
 * An ID token that looks expired (or not yet valid) either is, or this device's clock is wrong. The token's own `iat` cannot decide,
 * since an old token has an old `iat`; a third clock can. Two servers that agree with each other and not with the device mean that the
 * device is wrong. The token is then checked in full against the corrected time, with no more tolerance: an expired token stays refused.
 * The request is made at most once for each failed check.
 *
 * Limits: a device that is slow by exactly the age of a token sees a fresh token and makes no request; only a readable `Date` of the
 * authorization server corrects that. Anyone who can forge the `Date` of the app's own server can forge the app. A page from a service
 * worker or a file has no such server: the device's clock is used, as in Node.
 */
export async function withRightClock<T>(context: ProtocolContext, work: (context: ProtocolContext) => Promise<T>): Promise<T> {
  try {
    return await work(context)
  } catch (error) {
    if (!(error instanceof OAuthClientError && error.code === 'invalid_id_token')) throw error
    const { correctedContext } = await (await context.load()).failures()
    const corrected = await correctedContext(context, error)
    if (corrected === context) throw error
    return work(corrected)
  }
}
