import { createError } from '../errors/create-error.js'
import type { ServerError } from '../errors/errors.js'
import { isRecord } from '../platform/is-record.js'
import { type JsonObject, sendAuthenticatedRequest, setParameters } from './endpoint-request.js'
import { readJsonObject } from './read-json-object.js'
import type { ClientAuthentication } from './client-authentication.js'
import { loadServer } from './load-server.js'
import type { Parameters } from './protocol-options.js'
import type { ProtocolContext } from './protocol-context.js'
import { withClientErrors } from './protocol-errors.js'
import type { Purpose } from './purpose.js'

/** The introspection response, with its members under their own names. @see RFC 7662, section 2.2 */
export interface Introspection {
  /** Whether the token is valid. The other members are present only if it is. */
  readonly active: boolean
  readonly scope?: string
  readonly client_id?: string
  readonly username?: string
  readonly token_type?: string
  /** Seconds since the epoch. */
  readonly exp?: number
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly iss?: string
  readonly [member: string]: unknown
}

/** Options of one introspection. */
export interface IntrospectionOptions {
  /** The token to introspect. Default: the refresh token of the session, else its access token. */
  readonly token?: string | undefined
  /** `token_type_hint`, which may speed up the lookup at the server. */
  readonly tokenTypeHint?: 'access_token' | 'refresh_token' | undefined
  /** Additional parameters of the request, by their own names. */
  readonly params?: Parameters | undefined
  /** Further headers of the request. */
  readonly headers?: HeadersInit | undefined
  /** Client authentication of this request only. Default: `introspectionClientAuth`, else `clientAuth`. */
  readonly clientAuth?: ClientAuthentication | undefined
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined
}

const INTROSPECTION_ENDPOINT: Purpose = {
  name: 'introspection endpoint',
  invalid: 'introspection_error',
  refused: 'introspection_error',
  spec: 'RFC 7662, section 2.2',
}

/**
 * Asks the server whether a token is valid and what it is for.
 *
 * @param token undefined if there is none
 * @throws ConfigurationError unsupported; SessionError missing_token; ServerError introspection_error; NetworkError
 * @see RFC 7662; RFC 9701 for signed responses
 */
export async function introspect(
  context: ProtocolContext,
  token: string | undefined,
  options: IntrospectionOptions = {},
): Promise<Introspection> {
  if (!token) throw createError('missing_token', 'There is no token to introspect.', { hint: 'Pass "token", or sign in first.' })

  return withClientErrors(context, async () => {
    const body = await requestIntrospection(context, token, options)
    if (typeof body['active'] !== 'boolean') throw invalid('has no "active" that is true or false')
    return { ...body, active: body['active'] }
  })
}

async function requestIntrospection(context: ProtocolContext, token: string, options: IntrospectionOptions): Promise<JsonObject> {
  const { metadata } = await loadServer(context, { keys: false, signal: options.signal })
  if (metadata.introspection_endpoint === undefined) {
    throw createError('unsupported', 'The server has no introspection endpoint.', {
      hint: 'Turn it on at the server, or pass "introspection_endpoint" in "server".',
      spec: 'RFC 7662, section 2',
    })
  }
  const parameters = new URLSearchParams()
  setParameters(parameters, { token_type_hint: options.tokenTypeHint, ...options.params, token })
  const headers = new Headers(options.headers)
  headers.set('accept', 'application/json')
  const request = {
    parameters,
    headers,
    endpoint: 'introspection_endpoint',
    purpose: INTROSPECTION_ENDPOINT,
    adaptRequest: context.options.compliance?.introspectionRequest,
    signal: options.signal,
    clientAuth: options.clientAuth ?? context.options.introspectionClientAuth,
  } as const
  const response = await sendAuthenticatedRequest(context, metadata, request)
  const isSigned = /^application\/token-introspection\+jwt\b/i.test(response.headers.get('content-type') ?? '')
  return isSigned ? readSigned(context, await response.text()) : readJsonObject(response, INTROSPECTION_ENDPOINT, [token])
}

/** @see RFC 9701, section 5 */
async function readSigned(context: ProtocolContext, jwt: string): Promise<JsonObject> {
  const { readSignedResponse } = await (await context.load()).signedResponse()
  const claims = await readSignedResponse(context, await loadServer(context, { keys: true }), jwt, {
    name: 'introspection response',
    code: 'introspection_error',
    spec: 'RFC 9701, section 5',
    algorithm: 'RS256',
    requiredClaims: ['iss', 'aud', 'iat'],
    type: 'token-introspection+jwt',
  })
  const introspection = claims['token_introspection']
  if (!isRecord(introspection)) throw invalid('has no "token_introspection"')
  return introspection
}

function invalid(problem: string): ServerError {
  return createError('introspection_error', `The introspection response ${problem}.`, {
    hint: 'Check that the URL is that of the introspection endpoint.',
    spec: INTROSPECTION_ENDPOINT.spec,
  })
}
