import { createError } from '../errors/create-error.js'
import { revocationRequest } from 'oauth4webapi'
import { readJsonObject } from './json-response.js'
import { loadServer } from './load-server.js'
import { authorizationServer, oauthClient } from './oauth-parties.js'
import { withClientErrors } from './protocol-errors.js'
import type { Purpose } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { authenticatedRequest } from './token-request.js'

const revocationEndpoint: Purpose = {
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
export function revokeToken(
  context: ProtocolContext,
  token: string,
  tokenTypeHint: 'access_token' | 'refresh_token' | undefined,
): Promise<void> {
  return withClientErrors(() => revoke(context, token, tokenTypeHint))
}

async function revoke(context: ProtocolContext, token: string, tokenTypeHint: string | undefined): Promise<void> {
  const { metadata } = await loadServer(context, { keys: false })
  if (metadata.revocation_endpoint === undefined) {
    throw createError('unsupported', 'the server has no revocation endpoint', {
      hint: 'Sign out without revocation: logout({ revoke: false }).',
      spec: 'RFC 7009, section 2',
    })
  }
  const { authentication, options } = await authenticatedRequest(context, metadata, 'revocation_endpoint', {
    request: context.options.compliance?.revocationRequest,
    purpose: revocationEndpoint,
    clientAuth: context.options.revocationClientAuth,
  })
  const response = await revocationRequest(authorizationServer(metadata), oauthClient(context), authentication, token, {
    ...options,
    additionalParameters: new URLSearchParams(tokenTypeHint ? { token_type_hint: tokenTypeHint } : {}),
  })
  // The body of a success means nothing (RFC 7009, section 2.2), and an unknown token is a success.
  if (!response.ok) {
    await readJsonObject(response, revocationEndpoint, [token])
  }
}
