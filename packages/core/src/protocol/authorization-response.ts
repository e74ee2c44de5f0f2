import { createError } from '../errors/create-error.js'
import { setParameters } from './endpoint-request.js'
import { requestTokenSet, tokenParameters } from './token-request.js'
import { expectsIdToken, type ResponseExpectation } from './expectation.js'
import type { ComparedIssuers } from '../errors/issuer-hint.js'
import { loadServer } from './load-server.js'
import type { ProtocolContext } from './protocol-context.js'
import { withClientErrors } from './protocol-errors.js'
import type { ServerMetadata, ServerRecord } from './server-metadata.js'
import type { TokenSet } from './token-set.js'

/**
 * Validates the authorization response (RFC 6749 section 4.1.2, RFC 9207 section 2.4, RFC 9700 section 4.4.2.2), redeems the code, and checks the token response
 * and the ID token in full. Makes one request if metadata and keys are stored.
 *
 * @throws ValidationError issuer_mismatch, mismatching_state, missing_code, invalid_response, invalid_id_token; ServerError
 *   authorization_error, invalid_grant, token_error; InteractionError interaction_required; NetworkError
 */
export function processAuthorizationResponse(
  context: ProtocolContext,
  callbackUrl: URL,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  return withClientErrors(context, async () => {
    const isUsual = isUsualResponse(callbackUrl, expectation)
    const parameters = isUsual
      ? callbackUrl.searchParams
      : await (await (await context.load()).failures()).unusualResponse(context, callbackUrl, expectation)
    const server = await loadServer(context, { keys: expectsIdToken(expectation), freshAt: expectation.createdAt })
    const issuer = parameters.get('iss')
    const isOther = issuer !== null && issuer !== server.metadata.issuer
    const isForeign = isOther && (await (await context.load()).failures()).acceptsIssuer(context, issuer)
    const tokenSet = await requestTokens(context, server, parameters, {
      ...expectation,
      issuer: isForeign ? issuer : undefined,
    })
    // OpenID Connect Session Management 1.0, section 2
    const sessionState = parameters.get('session_state')
    return sessionState ? { ...tokenSet, sessionState } : tokenSet
  })
}

async function requestTokens(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  if (expectation.responseType !== 'code') {
    const { processFrontChannel } = await (await context.load()).frontChannel()
    return processFrontChannel(context, server, parameters, expectation)
  }
  const code = await checkCodeResponse(context, server.metadata, parameters, expectation)
  return authorizationCodeGrant(context, server, code, expectation)
}

/** Whether the response to a usual request is in the query of the redirect URI, and nothing else is there. */
export function isUsualResponse({ origin, pathname, searchParams }: URL, expectation: ResponseExpectation): boolean {
  const { redirectUri, responseType, responseMode } = expectation
  return origin + pathname === redirectUri && responseType === 'code' && !responseMode && searchParams.has('state')
}

/**
 * Checks `iss`, `state` and `error`, in this order.
 *
 * RFC 9207, section 2.4: the issuer is compared before `error` is read, or an attacker could inject an error.
 *
 * @throws ValidationError issuer_mismatch, mismatching_state, invalid_response; ServerError authorization_error;
 *   InteractionError interaction_required
 */
export async function checkAuthorizationResponse(
  { load }: Pick<ProtocolContext, 'load'>,
  metadata: ServerMetadata,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<void> {
  checkIssuer(metadata, single(parameters, 'iss'), expectation)
  if (single(parameters, 'state') !== expectation.state) throw createError('mismatching_state', ['otherState'])

  if (!single(parameters, 'error')) return
  const { authorizationError } = await (await load()).failures()
  throw authorizationError(parameters)
}

/** Parameters that no response with a code alone has: it may be that of another request. */
const FOREIGN_PARAMETERS = ['response', 'id_token', 'token'] as const

/** @returns the code of a checked response */
export async function checkCodeResponse(
  context: Pick<ProtocolContext, 'load'>,
  metadata: ServerMetadata,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<string> {
  await checkAuthorizationResponse(context, metadata, parameters, expectation)
  const code = single(parameters, 'code')
  if (!code) throw createError('missing_code', ['noCode'])
  const foreign = FOREIGN_PARAMETERS.find((name) => parameters.has(name))
  if (foreign) throw createError('invalid_response', ['foreignParameter', foreign])
  return code
}

/** `iss` may be absent if the response contains an ID token, which names the issuer itself. */
function checkIssuer(metadata: ServerMetadata, issuer: string | undefined, expectation: ResponseExpectation): void {
  const { responseType, issuer: expected = metadata.issuer } = expectation
  const isExpected = metadata.authorization_response_iss_parameter_supported === true && !responseType.includes('id_token')
  const isMissing = issuer === undefined && isExpected
  if (isMissing || (issuer !== undefined && issuer !== expected)) {
    // Any page can send it.
    const received = issuer?.slice(0, 200)
    throw createError('issuer_mismatch', ['responseIssuer', received, expected], {
      cause: { received, expected, place: 'response' } satisfies ComparedIssuers,
    })
  }
}

/** Reads a parameter that must not be repeated. @see RFC 6749, section 3.1 */
export function single(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = parameters.getAll(name)
  if (more.length === 0) return value
  throw createError('invalid_response', ['repeated', name])
}

/** Redeems an authorization code. @see RFC 6749, section 4.1.3; RFC 7636, section 4.5 */
export async function authorizationCodeGrant(
  context: ProtocolContext,
  server: ServerRecord,
  code: string,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  const { redirectUri, codeVerifier, resources, expectedSubject: subject } = expectation
  const { compliance } = context.options
  const grantType = 'authorization_code'
  const parameters = new URLSearchParams()
  // RFC 8707, section 2.2. Many servers issue a token for one resource only, and refuse such a token at UserInfo.
  const { resourceWithCode = resources?.length === 1 && !expectsIdToken(expectation) } = context.options
  setParameters(parameters, {
    resource: resourceWithCode ? resources : undefined,
    ...(await tokenParameters(context, grantType)),
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
  })
  return requestTokenSet(
    context,
    server,
    {
      grantType,
      parameters,
      secrets: [code, codeVerifier ?? ''],
      adaptRequest: compliance?.tokenRequest,
      adaptResponse: compliance?.tokenResponse,
    },
    { ...expectation, subject, requiresIdToken: expectsIdToken(expectation) },
  )
}
