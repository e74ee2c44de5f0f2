import { OAuthError } from '../http/oauth-error.js'
import type { Parameters } from '../http/parameters.js'
import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'

/**
 * Returns the client of an authorization request.
 *
 * @throws OAuthError, which must not be sent by redirect: the redirect URI is not verified yet. @see RFC 6749, section 4.1.2.1
 */
export async function findClient(params: Parameters, server: Pick<ServerContext, 'clients'>): Promise<ClientRecord> {
  const ids = params.all('client_id')
  const [clientId] = ids
  if (clientId === undefined) throw new OAuthError('invalid_request', '"client_id" is missing')
  if (ids.length > 1) throw new OAuthError('invalid_request', '"client_id" is repeated')
  const client = await server.clients.findClient(clientId)
  if (client) return client
  const reason = server.clients.explainUnknown?.(clientId)
  if (reason !== undefined) throw new OAuthError('invalid_client', reason, { status: 400 })
  const parameter = 'redirect_uri'
  const registration = { clientId, parameter, redirectUri: params.get(parameter), redirectUris: undefined } as const
  throw new OAuthError('invalid_client', 'no client is registered under this "client_id"', { status: 400, registration })
}
