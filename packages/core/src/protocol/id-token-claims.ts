import { createError } from '../errors/create-error.js'
import { encode } from 'jose/base64url'
import type { IdTokenClaims } from './claims.js'

/** What an ID token has to agree with. */
export interface IdTokenExpectation {
  readonly nonce?: string | undefined
  /** Seconds. */
  readonly maxAge?: number | undefined
  readonly acrValues?: string | undefined
  readonly acrEssential?: boolean | undefined
  readonly subject?: string | undefined
  /** Compared with `at_hash`. */
  readonly accessToken?: string | undefined
  /** The claims of the sign-in, when this is a refresh. */
  readonly former?: IdTokenClaims | undefined
}

export interface CheckingParty {
  readonly algorithm: string
  readonly clientId: string
  /** Seconds since the epoch, server's clock. */
  readonly now: number
}

/** Seconds an `iat` may lie in the future: a slow device clock is common, a token from next week is not. */
const futureTolerance = 600

/** The rules for the claims that oauth4webapi leaves to its caller. @throws ValidationError invalid_id_token */
export async function checkIdTokenClaims(
  claims: IdTokenClaims,
  expected: IdTokenExpectation,
  party: CheckingParty,
): Promise<void> {
  check(claims.sub !== '', 'sub', 'is empty')
  check(claims.azp === undefined || claims.azp === party.clientId, 'azp', 'is another client')
  check(claims.iat <= party.now + futureTolerance, 'iat', 'is in the future: the clock of this device is slow')
  check(claims.amr === undefined || isListOfStrings(claims.amr), 'amr', 'is not a list of strings')
  check(expected.subject === undefined || claims.sub === expected.subject, 'sub', 'is another user than the request was made for')
  checkAcr(claims, expected)
  await checkHash(claims['at_hash'], expected.accessToken, party.algorithm, 'at_hash')
  if (expected.former) {
    checkSameSession(claims, expected.former)
  }
}

function checkAcr({ acr }: IdTokenClaims, { acrEssential, acrValues }: IdTokenExpectation): void {
  if (acrEssential) {
    const values = (acrValues ?? '').split(' ').filter(Boolean)
    const isMet = acr !== undefined && (values.length === 0 || values.includes(acr))
    check(isMet, 'acr', 'is not among the values that the request made essential', 'section 5.5.1.1')
  }
}

/** @see OpenID Connect Core 1.0, section 12.2 */
function checkSameSession(claims: IdTokenClaims, former: IdTokenClaims): void {
  const section = 'section 12.2'
  check(claims.iss === former.iss, 'iss', 'is not that of the sign-in', section)
  check(claims.sub === former.sub, 'sub', 'is another user than signed in', section)
  check(sameAudience(claims.aud, former.aud), 'aud', 'is not that of the sign-in', section)
  check(claims.azp === former.azp, 'azp', 'is not that of the sign-in', section)
  check(claims.nonce === undefined || claims.nonce === former.nonce, 'nonce', 'is not that of the sign-in', section)
  const bothTimes = claims.auth_time !== undefined && former.auth_time !== undefined
  check(!bothTimes || claims.auth_time === former.auth_time, 'auth_time', 'is not that of the sign-in', section)
}

function sameAudience(one: IdTokenClaims['aud'], other: IdTokenClaims['aud']): boolean {
  return JSON.stringify([one].flat().toSorted()) === JSON.stringify([other].flat().toSorted())
}

/**
 * `at_hash`, `c_hash`, `s_hash`: the left half of the hash of the value, by the algorithm of the signature.
 *
 * @see OpenID Connect Core 1.0, sections 3.1.3.6 and 3.3.2.11
 */
export async function checkHash(claim: unknown, value: string | undefined, algorithm: string, name: string): Promise<void> {
  if (claim !== undefined && value !== undefined) {
    check(
      claim === (await leftHalfHash(value, algorithm)),
      name,
      'is not the hash of what came with the token',
      'section 3.1.3.6',
    )
  }
}

async function leftHalfHash(value: string, algorithm: string): Promise<string> {
  const bits = algorithm.startsWith('Ed') ? 512 : Number(algorithm.slice(2))
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(value))
  return encode(new Uint8Array(digest, 0, bits / 16))
}

function isListOfStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((member) => typeof member === 'string')
}

/** @throws ValidationError invalid_id_token naming the claim */
export function check(condition: boolean, claim: string, problem: string, section = 'section 3.1.3.7'): asserts condition {
  if (!condition) {
    throw createError('invalid_id_token', `the ID token is not valid: claim "${claim}" ${problem}`, {
      hint: `Nothing of this answer is used. Look at "${claim}" in the server's ID token and in the registration of the client.`,
      spec: `OpenID Connect Core 1.0, ${section}`,
    })
  }
}
