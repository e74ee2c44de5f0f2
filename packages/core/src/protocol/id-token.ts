import {
  type Client,
  expectNoNonce,
  getValidatedIdTokenClaims,
  jwksCache,
  KEY_SELECTION,
  OperationProcessingError,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
  type TokenEndpointResponse,
  validateApplicationLevelSignature,
} from 'oauth4webapi'
import { createError } from '../errors/create-error.js'
import { OAuthClientError, type ValidationError } from '../errors/errors.js'
import { readBase64Json } from '../platform/base64-json.js'
import { requireWebCrypto } from '../platform/require-web-crypto.js'
import type { AcceptedIdToken } from './accepted-id-token.js'
import type { IdTokenClaims } from './claims.js'
import { withServerKeys } from './jwks.js'
import { authorizationServer, oauthClient } from './oauth4webapi.js'
import type { ProtocolContext } from './protocol-context.js'
import { safeCause } from './protocol-errors.js'
import type { ProtocolOptions } from './protocol-options.js'
import { serverNowSeconds } from './server-clock.js'
import type { ServerMetadata, ServerRecord } from './server-metadata.js'

/** What an ID token is checked against. */
export interface IdTokenExpectation {
  readonly nonce?: string | undefined
  /** The `iss` of the authorization response, if it has one. */
  readonly issuer?: string | undefined
  /** Seconds. */
  readonly maxAge?: number | undefined
  readonly acrValues?: string | undefined
  readonly acrEssential?: boolean | undefined
  readonly subject?: string | undefined
  /** Compared with `at_hash`. */
  readonly accessToken?: string | undefined
  /** A refresh has no nonce of its own, also where the claims of the sign-in are unknown. */
  readonly isRefresh?: boolean | undefined
  /** For a refresh: the claims of the ID token from the sign-in. */
  readonly former?: IdTokenClaims | undefined
}

/**
 * Checks an ID token in full: signature, `alg`, times and every claim.
 *
 * oauth4webapi checks ID tokens only as part of a token response, so it gets the token in a minimal one. The code flow, refresh and
 * the front channel therefore share the same checks.
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
  const algorithm = signingAlgorithm(context.options)
  try {
    const signed = await decrypted(context, idToken)
    checkType(signed)
    const accepted = await acceptParties(context, server, signed, algorithm)
    const response = new Response(JSON.stringify({ access_token: '-', token_type: 'bearer', id_token: accepted.idToken }))
    const processed = await processResponse({ context, metadata: accepted.metadata, algorithm }, response, expectation)
    const claims = accepted.claims ?? processed
    if (!accepted.isVerified) await verifySignature(context, server, response)
    await checkClaims(claims, expectation, { algorithm, now: serverNowSeconds(context), clientId: context.options.clientId })
    return claims
  } catch (error) {
    throw error instanceof OAuthClientError ? error : invalidIdToken(error)
  }
}

/** By the options `acceptedIssuers` and `trustedAudiences`. */
async function acceptParties(
  context: ProtocolContext,
  server: ServerRecord,
  idToken: string,
  algorithm: string,
): Promise<AcceptedIdToken> {
  const { acceptedIssuers, trustedAudiences } = context.options
  if (!acceptedIssuers && !trustedAudiences) return { idToken, metadata: server.metadata }
  return (await (await context.load()).foreignParties()).acceptParties(context, server, idToken, algorithm)
}

/** @returns the signed token, which may be encrypted for this client */
export async function decrypted(context: ProtocolContext, idToken: string): Promise<string> {
  if (idToken.split('.').length !== 5) return idToken
  const load = await context.load()
  const { decryptJwt } = await load.signedResponse()
  return decryptJwt(context, idToken)
}

/** ID tokens have no type of their own: a token with another than "JWT" was issued for another purpose. @see RFC 8725, section 3.11 */
function checkType(idToken: string): void {
  // jose's decoder would add a kilobyte to every app that signs in. oauth4webapi checks the rest of the header.
  const { typ } = (readBase64Json(idToken.split('.', 1)[0]) ?? {}) as { readonly typ?: unknown }
  check(typ === undefined || isPlainJwt(typ), 'typ', 'kind')
}

/** @param typ a media type, whose prefix "application/" may be omitted. @see RFC 7515, section 4.1.9 */
export function isPlainJwt(typ: unknown): boolean {
  return typeof typ === 'string' && /^(?:application\/)?jwt$/i.test(typ)
}

const ASYMMETRIC_ALGORITHMS = /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/

/** The client's metadata decides, never the token: else a token could choose a weaker algorithm (RFC 8725, section 3.1). */
export function signingAlgorithm(options: Pick<ProtocolOptions, 'idTokenSignedResponseAlg'>): string {
  const algorithm = options.idTokenSignedResponseAlg ?? 'RS256'
  if (ASYMMETRIC_ALGORITHMS.test(algorithm)) return algorithm
  throw createError('configuration', ['idTokenAlgorithm', algorithm])
}

interface Parties {
  readonly context: ProtocolContext
  readonly metadata: ServerMetadata
  readonly algorithm: string
}

async function processResponse(parties: Parties, response: Response, expectation: IdTokenExpectation): Promise<IdTokenClaims> {
  const server = authorizationServer(parties.metadata)
  const client = idTokenClient(parties)
  const { isRefresh, nonce, maxAge } = expectation
  const processed: TokenEndpointResponse = isRefresh
    ? await processRefreshTokenResponse(server, client, response)
    : await processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce ?? expectNoNonce,
        requireIdToken: true,
        ...(maxAge !== undefined && { maxAge }),
      })
  // oauth4webapi has checked the members that it names; `checkClaims` checks the others.
  return getValidatedIdTokenClaims(processed) as IdTokenClaims
}

/** RFC 9864 gave "EdDSA" with this curve the name "Ed25519": one algorithm, two names. */
function idTokenClient({ context, algorithm }: Parties): Client {
  const names = algorithm.startsWith('Ed') ? ['EdDSA', 'Ed25519'] : algorithm
  // oauth4webapi accepts any of a list, though its type has a single name.
  return { ...oauthClient(context), id_token_signed_response_alg: names as string }
}

/** Verifies the signature of the ID token in a processed response. @see OpenID Connect Core 1.0, section 10.1 */
async function verifySignature(context: ProtocolContext, record: ServerRecord, processed: Response): Promise<void> {
  await withServerKeys(context, record, {
    async verify({ metadata, jwks }) {
      const server = { ...authorizationServer(metadata), jwks_uri: metadata.jwks_uri ?? metadata.issuer }
      // oauth4webapi refetches keys that look old: these look as if they were fetched now, so it never does.
      const cache = { jwks: { keys: [...(jwks?.keys ?? [])] }, uat: Math.floor(Date.now() / 1000) }
      await validateApplicationLevelSignature(server, processed, { [jwksCache]: cache })
    },
    isUnknownKey: (error) => error instanceof OperationProcessingError && error.code === KEY_SELECTION,
  })
}

function invalidIdToken(error: unknown): ValidationError {
  const cause = safeCause(error)
  return createError('invalid_id_token', ['idToken', cause], { cause })
}

interface CheckingParty {
  readonly algorithm: string
  readonly clientId: string
  /** Seconds since the epoch, server's clock. */
  readonly now: number
}

/** How far in the future `iat` may be: a slow device clock is common, a token from next week is not. */
const FUTURE_TOLERANCE_SECONDS = 600

/** The claims that oauth4webapi leaves to its caller. @throws ValidationError invalid_id_token */
async function checkClaims(claims: IdTokenClaims, expected: IdTokenExpectation, party: CheckingParty): Promise<void> {
  check(claims.sub !== '', 'sub', 'empty')
  check(claims['events'] === undefined, 'events', 'event')
  checkKind(claims)
  check(expected.issuer === undefined || claims.iss === expected.issuer, 'iss', 'response')
  check(claims.azp === undefined || claims.azp === party.clientId, 'azp', 'client')
  check(claims.iat <= party.now + FUTURE_TOLERANCE_SECONDS, 'iat', 'future')
  check(claims.amr === undefined || isListOfStrings(claims.amr), 'amr', 'list')
  check(expected.subject === undefined || claims.sub === expected.subject, 'sub', 'user')
  checkAcr(claims, expected)
  await checkHash(claims['at_hash'], expected.accessToken, party.algorithm, 'at_hash')
  if (expected.former) checkSameSession(claims, expected.former)
}

/** Words for tokens of another kind that Keycloak writes into the claim "typ", in which others may have an attribute of the user. */
const OTHER_KINDS = /access|bearer|dpop|jwt|logout|offline|refresh|token/i

/** Some servers sign all of their tokens alike, and say in a claim what each is: Keycloak, Amazon Cognito, Oracle IDCS. */
function checkKind({ typ, token_use: use, tok_type: kind }: IdTokenClaims): void {
  const isOther = typeof typ === 'string' && OTHER_KINDS.test(typ) && !isPlainJwt(typ) && !/^id.?token$/i.test(typ)
  check(!isOther, 'typ', 'kind')
  check(use === undefined || use === 'id', 'token_use', 'kind')
  check(kind === undefined || kind === 'IT', 'tok_type', 'kind')
}

function checkAcr({ acr }: IdTokenClaims, { acrEssential, acrValues }: IdTokenExpectation): void {
  if (!acrEssential) return
  const values = (acrValues ?? '').split(' ').filter(Boolean)
  const isMet = acr !== undefined && (values.length === 0 || values.includes(acr))
  check(isMet, 'acr', 'acr')
}

/** @see OpenID Connect Core 1.0, section 12.2 */
function checkSameSession(claims: IdTokenClaims, former: IdTokenClaims): void {
  check(claims.iss === former.iss, 'iss', 'former')
  check(claims.sub === former.sub, 'sub', 'formerUser')
  check(sameAudience(claims.aud, former.aud), 'aud', 'former')
  check(claims.azp === former.azp, 'azp', 'former')
  check(claims.nonce === undefined || claims.nonce === former.nonce, 'nonce', 'former')
  const bothTimes = claims.auth_time !== undefined && former.auth_time !== undefined
  check(!bothTimes || claims.auth_time === former.auth_time, 'auth_time', 'former')
}

function sameAudience(one: IdTokenClaims['aud'], other: IdTokenClaims['aud']): boolean {
  return JSON.stringify([one].flat().toSorted()) === JSON.stringify([other].flat().toSorted())
}

/**
 * Checks `at_hash`, `c_hash` or `s_hash`: the left half of the hash of the value, by the algorithm of the signature.
 *
 * @see OpenID Connect Core 1.0, sections 3.1.3.6 and 3.3.2.11
 */
export async function checkHash(claim: unknown, value: string | undefined, algorithm: string, name: string): Promise<void> {
  if (claim === undefined || value === undefined) return
  check(claim === (await leftHalfHash(value, algorithm)), name, 'hash')
}

async function leftHalfHash(value: string, algorithm: string): Promise<string> {
  const bits = algorithm.startsWith('Ed') ? 512 : Number(algorithm.slice(2))
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(value))
  // base64url; jose's encoder would add half a kilobyte to every app that signs in.
  const left = btoa(String.fromCharCode(...new Uint8Array(digest, 0, bits / 16)))
  return left.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function isListOfStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((member) => typeof member === 'string')
}

/**
 * @param problem a key of `errors/id-token-reasons.ts`, or a text
 * @throws ValidationError invalid_id_token naming the claim
 */
export function check(condition: boolean, claim: string, problem: string, section?: string): asserts condition {
  if (!condition) throw createError('invalid_id_token', ['claim', claim, problem, section])
}
