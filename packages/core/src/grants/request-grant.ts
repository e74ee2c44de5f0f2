import { genericTokenEndpointRequest } from 'oauth4webapi'
import type { ClientAuthentication } from '../protocol/client-authentication.js'
import type { ParameterValue } from '../protocol/protocol-options.js'
import { checkIdToken } from '../protocol/id-token.js'
import { loadServer } from '../protocol/load-server.js'
import { dpopOption, withNonceRetry } from '../protocol/nonce-retry.js'
import { authorizationServer, oauthClient } from '../protocol/oauth-parties.js'
import { toClientError } from '../protocol/protocol-errors.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { setParameters } from '../protocol/parameters.js'
import { checkClientAuthentication, checkGrantSupport } from '../protocol/server-support.js'
import { withRightClock, withServerClock } from '../protocol/server-clock.js'
import { authenticatedRequest } from '../protocol/token-request.js'
import { readTokenResponse, tokenSetOf } from '../protocol/token-response.js'
import type { TokenSet } from '../protocol/token-set.js'

/** Options that every grant has. */
export interface GrantOptions {
  /** Requested scope, space-separated. */
  readonly scope?: string
  /** Resource indicators. @see RFC 8707, section 2.2 */
  readonly resources?: readonly string[]
  /** Additional parameters of the token request, by their own names. */
  readonly params?: Readonly<Record<string, ParameterValue>>
  /** Client authentication of this request only. */
  readonly clientAuth?: ClientAuthentication
  /** Aborts the request. */
  readonly signal?: AbortSignal
}

export interface GrantRequest extends GrantOptions {
  readonly grantType: string
  readonly parameters: Readonly<Record<string, ParameterValue>>
  /** Names in `parameters` whose values must never appear in a message. */
  readonly secrets: readonly string[]
  /** Token types that are accepted in addition to Bearer, in lower case. */
  readonly tokenTypes?: readonly string[]
}

/**
 * Sends the token request of any grant and checks the response. An ID token in it is verified in full.
 *
 * @throws ConfigurationError unsupported where the server's metadata lists no such grant; ServerError invalid_grant, token_error;
 *   NetworkError; ValidationError
 * @see RFC 6749, section 4.5
 */
export async function requestGrant(context: ProtocolContext, request: GrantRequest): Promise<TokenSet> {
  try {
    return await tokenSetFor(context, request)
  } catch (error) {
    throw toClientError(error)
  }
}

async function tokenSetFor(context: ProtocolContext, request: GrantRequest): Promise<TokenSet> {
  const { scope, signal, tokenTypes } = request
  const server = await loadServer(context, { keys: (scope ?? '').split(' ').includes('openid'), signal })
  checkGrantSupport(server.metadata, request.grantType)
  checkClientAuthentication(server.metadata, request.clientAuth ?? context.options.clientAuth)
  const parameters = new URLSearchParams()
  setParameters(parameters, { ...request.parameters, scope, resource: request.resources, ...request.params })
  const secrets = request.secrets.flatMap((name) => parameters.getAll(name))
  const response = await sendGrant(context, request, parameters)
  const corrected = withServerClock(context, response.headers)
  const read = await readTokenResponse(corrected, response, { scope, secrets, ...(tokenTypes && { tokenTypes }) })
  return withRightClock(corrected, async (right) => {
    const tokenSet = tokenSetOf(right, read.response, scope, tokenTypes)
    const { idToken, accessToken } = tokenSet
    return idToken === undefined ? tokenSet : { ...tokenSet, claims: await checkIdToken(right, server, idToken, { accessToken }) }
  })
}

async function sendGrant(context: ProtocolContext, request: GrantRequest, parameters: URLSearchParams): Promise<Response> {
  const { metadata } = await loadServer(context, { keys: false, signal: request.signal })
  const { compliance } = context.options
  const { authentication, options } = await authenticatedRequest(context, metadata, 'token_endpoint', {
    request: compliance?.tokenRequest,
    response: compliance?.tokenResponse,
    signal: request.signal,
    clientAuth: request.clientAuth,
  })
  const further = { ...options, ...(await dpopOption(context)) }
  const [server, client] = [authorizationServer(metadata), oauthClient(context)]
  return withNonceRetry(context, () =>
    genericTokenEndpointRequest(server, client, authentication, request.grantType, parameters, further),
  )
}
