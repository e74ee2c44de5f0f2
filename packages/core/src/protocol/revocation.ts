import { revocationRequest } from 'oauth4webapi'
import { createError } from '../errors/create-error.js'
import { sendAuthenticatedRequest } from './authenticated-request.js'
import { readJsonObject } from './json-response.js'
import { loadServer } from './load-server.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './protocol-errors.js'

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
  tokenTypeHint: 'access_token' | 'refresh_token' | undefined,
): Promise<void> {
  const { metadata } = await loadServer(context, { keys: false })
  if (metadata.revocation_endpoint === undefined) {
    throw createError('unsupported', 'The server has no revocation endpoint.', {
      hint: 'Sign out without revocation: logout({ revoke: false }).',
      spec: 'RFC 7009, section 2',
    })
  }
  const request = {
    endpoint: 'revocation_endpoint',
    purpose: REVOCATION_ENDPOINT,
    adaptRequest: context.options.compliance?.revocationRequest,
    clientAuth: context.options.revocationClientAuth,
  } as const
  const additionalParameters = new URLSearchParams(tokenTypeHint && { token_type_hint: tokenTypeHint })
  const response = await sendAuthenticatedRequest(context, metadata, request, (to) =>
    revocationRequest(to.server, to.client, to.authentication, token, { ...to.options, additionalParameters }),
  )
  // A successful response has no meaningful body, and revoking an unknown token succeeds (RFC 7009, section 2.2).
  if (!response.ok) await readJsonObject(response, REVOCATION_ENDPOINT, [token])
}
