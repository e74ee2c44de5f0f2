import {
  type Client,
  clockSkew,
  clockTolerance,
  jwksCache,
  KEY_SELECTION,
  OperationProcessingError,
  processUserInfoResponse,
  skipSubjectCheck,
  validateApplicationLevelSignature,
} from 'oauth4webapi'
import { createError } from '../errors/create-error.js'
import { OAuthClientError, type ValidationError } from '../errors/errors.js'
import { readBase64Json } from '../platform/base64.js'
import { check, checkHash, isPlainJwt } from './check-claim.js'
import type { IdTokenClaims } from './claims.js'
import type { IdTokenExpectation } from './expectation.js'
import { FUTURE_TOLERANCE_SECONDS, serverNowSeconds, signingAlgorithm, toleranceOf } from './id-token.js'
import { withServerKeys } from './server-keys.js'
import type { AcceptedParties, ProtocolContext } from './protocol-context.js'
import { safeCause } from './protocol-errors.js'
import { authorizationServer, type ServerRecord } from './server-metadata.js'

/**
 * Checks any ID token in full: signature, `alg`, times and every claim. `id-token.ts` accepts the most common ones without this code.
 *
 * oauth4webapi parses the token, checks the types of its members, `alg`, `crit`, `exp`, `nbf`, `iss` and `aud`, and verifies the
 * signature; `checkClaims` checks everything else. oauth4webapi reads a JWT only as a response, so it gets the token as one of the
 * smallest kind, a signed UserInfo response: its checks of a token response would add a kilobyte to every app that signs in.
 *
 * @throws ValidationError invalid_id_token, invalid_jwks; NetworkError if keys had to be fetched
 * @see OpenID Connect Core 1.0, sections 3.1.3.7 and 12.2
 */
export async function checkEveryIdToken(
  context: ProtocolContext,
  server: ServerRecord,
  idToken: string,
  expectation: IdTokenExpectation,
): Promise<IdTokenClaims> {
  const algorithm = signingAlgorithm(context.options)
  try {
    const signed = await decrypted(context, idToken)
    checkType(signed)
    const { issuer, hasTrustedAudiences } = await acceptParties(context, server, signed)
    const response = new Response(signed, { headers: { 'content-type': 'application/jwt' } })
    const party = { ...authorizationServer(server.metadata), issuer }
    const received: object = await processUserInfoResponse(party, clientOf(context, algorithm), skipSubjectCheck, response)
    const claims = received as IdTokenClaims
    await verifySignature(context, server, response)
    await checkClaims(context, claims, { ...expectation, algorithm, hasTrustedAudiences })
    return claims
  } catch (error) {
    throw error instanceof OAuthClientError ? error : invalidIdToken(error)
  }
}

/** By the options `acceptedIssuers` and `trustedAudiences`. */
async function acceptParties(context: ProtocolContext, { metadata }: ServerRecord, idToken: string): Promise<AcceptedParties> {
  const { acceptedIssuers, trustedAudiences } = context.options
  if (!acceptedIssuers && !trustedAudiences) return metadata
  const { acceptParties: accept } = await (await context.load()).foreignParties()
  return accept(context.options, metadata, readBase64Json(idToken.split('.')[1]))
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

/** The client in oauth4webapi's form, with our clock instead of its own. */
function clientOf(context: ProtocolContext, algorithm: string): Client {
  // RFC 9864 gave "EdDSA" with this curve the name "Ed25519": one algorithm, two names.
  const names = algorithm.startsWith('Ed') ? ['EdDSA', 'Ed25519'] : algorithm
  return {
    client_id: context.options.clientId,
    // oauth4webapi accepts any of a list, though its type has a single name.
    userinfo_signed_response_alg: names as string,
    [clockSkew]: serverNowSeconds(context) - Math.floor(Date.now() / 1000),
    [clockTolerance]: toleranceOf(context),
  }
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

interface ClaimsExpectation extends IdTokenExpectation {
  readonly algorithm: string
  readonly hasTrustedAudiences?: boolean | undefined
}

/** The claims that oauth4webapi leaves to its caller. @throws ValidationError invalid_id_token */
async function checkClaims(context: ProtocolContext, claims: IdTokenClaims, expected: ClaimsExpectation): Promise<void> {
  for (const name of ['iss', 'aud', 'exp', 'iat']) check(claims[name] !== undefined, name, 'missing')
  check(claims['events'] === undefined, 'events', 'event')
  checkKind(claims)
  check(expected.issuer === undefined || claims.iss === expected.issuer, 'iss', 'response')
  checkAuthorizedParty(context, claims, expected)
  check(expected.isRefresh === true || claims.nonce === expected.nonce, 'nonce', 'nonce')
  checkTimes(context, claims, expected)
  check(claims.amr === undefined || isListOfStrings(claims.amr), 'amr', 'list')
  check(expected.subject === undefined || claims.sub === expected.subject, 'sub', 'user')
  checkAcr(claims, expected)
  await checkHash(claims['at_hash'], expected.accessToken, expected.algorithm, 'at_hash')
  if (expected.former) checkSameSession(claims, expected.former)
}

/** A token for several audiences names the client it was issued to, unless the others are trusted. */
function checkAuthorizedParty(
  { options }: ProtocolContext,
  { aud, azp }: IdTokenClaims,
  { hasTrustedAudiences }: ClaimsExpectation,
): void {
  const isNamed = Array.isArray(aud) && aud.length !== 1 && !hasTrustedAudiences
  check(azp !== undefined || !isNamed, 'aud', 'audiences')
  check(azp === undefined || azp === options.clientId, 'azp', 'client')
}

function checkTimes(context: ProtocolContext, { iat, auth_time: time }: IdTokenClaims, { maxAge }: ClaimsExpectation): void {
  const now = serverNowSeconds(context)
  check(iat <= now + FUTURE_TOLERANCE_SECONDS, 'iat', 'future')
  check(time === undefined || (typeof time === 'number' && time >= 0), 'auth_time', 'number')
  if (maxAge !== undefined) check(time !== undefined && time + maxAge >= now - toleranceOf(context), 'auth_time', 'age')
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

function isListOfStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((member) => typeof member === 'string')
}
