import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { OAuthClientError } from '../errors/errors.js'
import { validateAuthResponse } from 'oauth4webapi'
import type { ServerMetadata } from './server-metadata.js'
import type { ResponseExpectation } from './expectation.js'
import { authorizationServer, oauthClient } from './oauth-parties.js'
import { hintForServerError, serverWords } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'

/**
 * The parameters of the authorization response, from the query or the fragment.
 * A server that could not make sense of the request answers in the query even where the fragment was asked for.
 */
export function responseParameters(callbackUrl: URL, expectation: ResponseExpectation): URLSearchParams {
  const query = callbackUrl.searchParams
  const fragment = new URLSearchParams(callbackUrl.hash.slice(1))
  const mode = expectation.responseMode?.replace(/\.?jwt$/, '')
  const inFragment = mode ? mode === 'fragment' : /token/.test(expectation.responseType)
  const [expected, other] = inFragment ? [fragment, query] : [query, fragment]
  return !expected.has('state') && other.has('state') ? other : expected
}

/** Whether the response has to come as a signed JWT (JARM). @see JWT Secured Authorization Response Mode 1.0, section 2.3 */
export function isJwtMode({ responseMode = '' }: ResponseExpectation): boolean {
  return responseMode.endsWith('jwt')
}

/**
 * Checks `iss`, `state` and `error`, in this order.
 *
 * RFC 9207, section 2.4: the issuer is compared before `error` is looked at, or an attacker could inject an error.
 *
 * @throws ValidationError issuer_mismatch, mismatching_state, invalid_response; ServerError authorization_error;
 *   InteractionError interaction_required
 */
export function checkAuthorizationResponse(
  metadata: ServerMetadata,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): void {
  checkIssuer(metadata, single(parameters, 'iss'), expectation)
  if (single(parameters, 'state') !== expectation.state) {
    throw invalid('mismatching_state', 'the "state" of the authorization response is not that of the request', {
      hint: 'The answer belongs to another attempt, or was forged: sign in again.',
      spec: 'RFC 6749, section 10.12',
    })
  }
  if (single(parameters, 'error')) {
    throw authorizationError(parameters)
  }
}

/** @returns the parameters marked as checked, as oauth4webapi wants them for the token request */
export function checkCodeResponse(
  context: ProtocolContext,
  metadata: ServerMetadata,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): URLSearchParams {
  checkAuthorizationResponse(metadata, parameters, expectation)
  if (!single(parameters, 'code')) {
    throw invalid('missing_code', 'the authorization response has no "code"', {
      hint: 'Check that the server allows the response type "code" for this client.',
      spec: 'RFC 6749, section 4.1.2',
    })
  }
  return validateAuthResponse(authorizationServer(metadata), oauthClient(context), parameters, expectation.state)
}

/** An ID token in the response names its issuer itself. */
function checkIssuer(metadata: ServerMetadata, issuer: string | undefined, { responseType }: ResponseExpectation): void {
  const isExpected = metadata.authorization_response_iss_parameter_supported === true && !responseType.includes('id_token')
  const isMissing = issuer === undefined && isExpected
  if (isMissing || (issuer !== undefined && issuer !== metadata.issuer)) {
    throw invalid('issuer_mismatch', `the "iss" of the authorization response is ${isMissing ? 'missing' : 'another issuer'}`, {
      hint: 'The answer may come from another server than was asked (mix-up attack): nothing of it is used.',
      spec: 'RFC 9207, section 2.4',
    })
  }
}

/** A parameter given twice is no parameter. @see RFC 6749, section 3.1 */
export function single(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = parameters.getAll(name)
  if (more.length > 0) {
    throw invalid('invalid_response', `the authorization response has "${name}" more than once`, {
      hint: 'It may have been tampered with on the way: nothing of it is used.',
      spec: 'RFC 6749, section 3.1',
    })
  }
  return value
}

const interactionErrors: readonly string[] = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]
const passingErrors: readonly string[] = ['temporarily_unavailable', 'server_error']

/** @see RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6 */
function authorizationError(parameters: URLSearchParams): OAuthClientError {
  const words = serverWords((name) => parameters.get(name))
  const error = words.error ?? ''
  const description = words.errorDescription ? `: ${words.errorDescription}` : ''
  const message = `the authorization server answered "${error}"${description}`
  const details = { ...words, ...hintForServerError(error), retryable: passingErrors.includes(error) }
  return interactionErrors.includes(error)
    ? createError('interaction_required', message, { ...details, spec: 'OpenID Connect Core 1.0, section 3.1.2.6' })
    : createError('authorization_error', message, { ...details, spec: 'RFC 6749, section 4.1.2.1' })
}

function invalid(code: ErrorCode, message: string, details: { readonly hint: string; readonly spec: string }): OAuthClientError {
  return createError(code, message, details)
}
