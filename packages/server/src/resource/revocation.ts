import { authenticateClient } from '../token/client-authentication/authenticate-client.js'
import { readFormParameters } from '../http/form-parameters.js'
import { OAuthError } from '../http/oauth-error.js'
import { Reply } from '../http/reply.js'
import type { RequestContext } from '../http/request-context.js'
import { digest } from '../storage/digest.js'
import { revokeAccessToken, revokeFamily } from '../token/revoke-family.js'

/**
 * The revocation endpoint. Revoking a refresh token revokes all tokens of its grant; an access token is revoked alone, with those that
 * it was exchanged for. An unknown token gets the same response as a revoked one; another client's token is refused.
 *
 * @see RFC 7009, sections 2.1 and 2.2
 */
export async function revocation(context: RequestContext): Promise<Reply> {
  const params = await readFormParameters(context.request)
  const client = await authenticateClient(context, params)
  const token = params.get('token')
  if (token === undefined) throw new OAuthError('invalid_request', '"token" is missing')
  await revoke(context, await digest(token), client.clientId)
  return new Reply(null, 200, { 'cache-control': 'no-store' })
}

async function revoke({ server }: RequestContext, token: string, clientId: string): Promise<void> {
  const { accessTokens } = server.stores
  // The hint is an optimization (RFC 7009, section 2.1): both stores are searched anyway.
  const refresh = await accessTokens.findByRefreshToken(token)
  const found = refresh ?? (await accessTokens.findByToken(token))
  if (!found) return
  if (found.clientId !== clientId) throw new OAuthError('invalid_grant', 'the token was issued to another client')
  if (!refresh) {
    await revokeAccessToken(server, token)
    return server.emit({ type: 'token.revoked', clientId })
  }
  await Promise.all(refresh.families.slice(0, 1).map((family) => revokeFamily(server, family)))
  server.emit({ type: 'token.revoked', clientId, grantType: 'refresh_token' })
}
