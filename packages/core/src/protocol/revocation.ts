import { createError } from '../errors/create-error.js'
import { sendAuthenticatedRequest, setParameters } from './endpoint-request.js'
import { readJsonObject } from './read-json-object.js'
import { loadServer } from './load-server.js'
import type { ClientAuthentication } from './client-authentication.js'
import type { ParameterValue } from './protocol-options.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './purpose.js'

/** Options of one revocation. */
export interface RevokeOptions {
  /** Which kind of token it is. Default: what the session says of the token, else none. */
  readonly tokenTypeHint?: 'access_token' | 'refresh_token' | undefined
  /** Further parameters of the request, by their own names. */
  readonly params?: Readonly<Record<string, ParameterValue>> | undefined
  /** Further headers of the request. */
  readonly headers?: HeadersInit | undefined
  /** Client authentication of this request only. Default: `revocationClientAuth`, else `clientAuth`. */
  readonly clientAuth?: ClientAuthentication | undefined
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined
}

const REVOCATION_ENDPOINT: Purpose = {
  name: 'revocation endpoint',
  invalid: 'revocation_error',
  refused: 'revocation_error',
  spec: 'RFC 7009, section 2.2',
}

/**
 * Revokes a token at the authorization server.
 *
 * @throws ConfigurationError unsupported; ServerError revocation_error; NetworkError
 * @see RFC 7009, section 2.1
 */
export async function revokeToken(
  context: ProtocolContext,
  token: string,
  { tokenTypeHint, params, headers, clientAuth, signal }: RevokeOptions,
): Promise<void> {
  const { metadata } = await loadServer(context, { keys: false, signal })
  if (metadata.revocation_endpoint === undefined) {
    throw createError('unsupported', 'The server has no revocation endpoint.', {
      hint: 'Sign out without revocation: logout({ revoke: false }).',
      spec: 'RFC 7009, section 2',
    })
  }
  const parameters = new URLSearchParams()
  setParameters(parameters, { token_type_hint: tokenTypeHint, ...params, token })
  const request = {
    parameters,
    headers: headers ?? {},
    endpoint: 'revocation_endpoint',
    purpose: REVOCATION_ENDPOINT,
    adaptRequest: context.options.compliance?.revocationRequest,
    clientAuth: clientAuth ?? context.options.revocationClientAuth,
    signal,
  } as const
  const response = await sendAuthenticatedRequest(context, metadata, request)
  // A successful response has no meaningful body, and revoking an unknown token succeeds (RFC 7009, section 2.2).
  if (!response.ok) await readJsonObject(response, REVOCATION_ENDPOINT, [token])
}
