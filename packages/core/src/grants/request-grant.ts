import type { OptionNames } from '../errors/unknown-options.js'
import type { ClientAuthentication } from '../protocol/client-authentication.js'
import { loadServer } from '../protocol/load-server.js'
import { setParameters } from '../protocol/endpoint-request.js'
import { requestTokenSet, tokenParameters } from '../protocol/token-request.js'
import type { Parameters } from '../protocol/protocol-options.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { withClientErrors } from '../protocol/protocol-errors.js'
import { checkClientAuthentication, checkGrantSupport } from '../protocol/server-support.js'
import { joinScope } from '../protocol/scope.js'
import type { TokenSet } from '../protocol/token-set.js'

/** Options that every grant has. */
export interface GrantRequestOptions {
  /** Requested scope, space-separated or a list. */
  readonly scope?: string | readonly string[] | undefined
  /** Resource indicators. @see RFC 8707, section 2.2 */
  readonly resources?: readonly string[] | undefined
  /** Additional parameters of the token request, by their own names. */
  readonly params?: Parameters | undefined
  /** Client authentication of this request only. */
  readonly clientAuth?: ClientAuthentication | undefined
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined
}

/** The names of the options of every grant. */
export const GRANT_OPTIONS: OptionNames<GrantRequestOptions> = {
  scope: 'string | list',
  resources: 'list',
  params: 'object',
  clientAuth: 'string | function',
  signal: 'signal',
}

/** The token request of one grant. */
export interface GrantRequest extends GrantRequestOptions {
  readonly grantType: string
  readonly parameters: Parameters
  /** Names in `parameters` whose values must never appear in a message. */
  readonly secrets: readonly string[]
  /** Accepted token types besides Bearer, in lower case. */
  readonly tokenTypes?: readonly string[] | undefined
}

/**
 * Sends the token request of any grant and checks the response. An ID token in it is verified in full.
 *
 * @throws ConfigurationError unsupported if the server's metadata lists no such grant; ServerError invalid_grant, token_error;
 *   NetworkError; ValidationError
 * @see RFC 6749, section 4.5
 */
export function requestGrant(context: ProtocolContext, request: GrantRequest): Promise<TokenSet> {
  return withClientErrors(context, () => sendGrant(context, request))
}

async function sendGrant(context: ProtocolContext, request: GrantRequest): Promise<TokenSet> {
  const { grantType, signal, clientAuth, tokenTypes } = request
  const scope = joinScope(request.scope)
  const server = await loadServer(context, { keys: (scope ?? '').split(' ').includes('openid'), signal })
  checkGrantSupport(server.metadata, grantType)
  checkClientAuthentication(server.metadata, context.options, clientAuth)
  const parameters = new URLSearchParams()
  setParameters(parameters, await tokenParameters(context, grantType))
  setParameters(parameters, { ...request.parameters, scope, resource: request.resources, ...request.params })
  const secrets = request.secrets.flatMap((name) => parameters.getAll(name))
  const { tokenRequest: adaptRequest, tokenResponse: adaptResponse } = context.options.compliance ?? {}
  const sent = { grantType, parameters, secrets, adaptRequest, adaptResponse, clientAuth, signal }
  return requestTokenSet(context, server, sent, { scope, tokenTypes })
}
