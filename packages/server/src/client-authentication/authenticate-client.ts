import { authMethod } from '../grants/client-may.js'
import { OAuthError } from '../oauth-error.js'
import type { Parameters } from '../parameters.js'
import type { Exchange } from '../server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'
import { readBasicCredentials } from './basic-credentials.js'
import { isClientSecret } from './client-secret.js'

/** What a request says of its client, and how. */
interface Presented {
  readonly method: 'none' | 'client_secret_basic' | 'client_secret_post'
  readonly clientId: string
  readonly secret?: string
}

/** Methods that stand in for one another where the client's metadata names none. */
const SECRET_METHODS = new Set(['client_secret_basic', 'client_secret_post'])

/**
 * Finds out which client asks, and that it is that client.
 *
 * @throws OAuthError `invalid_client`; 401 with a challenge where the client tried the Authorization header
 * @see RFC 6749, sections 2.3 and 5.2
 */
export async function authenticateClient(exchange: Exchange, params: Parameters): Promise<ClientRecord> {
  const presented = readPresented(exchange.request, params)
  const client = await exchange.server.clients.findClient(presented.clientId)
  if (!client || !(await isAuthentic(client, presented))) throw refused(exchange)
  return client
}

function readPresented(request: Request, params: Parameters): Presented {
  const basic = readBasicCredentials(request)
  const clientId = params.get('client_id')
  const secret = params.get('client_secret')
  if (basic) {
    if (secret !== undefined) throw new OAuthError('invalid_request', 'the client authenticates in two ways at once')
    if (clientId !== undefined && clientId !== basic.clientId) {
      throw new OAuthError('invalid_request', '"client_id" is not the one in the Authorization header')
    }
    return { method: 'client_secret_basic', ...basic }
  }
  if (clientId === undefined) throw new OAuthError('invalid_client', 'the request does not say which client it comes from')
  return secret === undefined ? { method: 'none', clientId } : { method: 'client_secret_post', clientId, secret }
}

async function isAuthentic(client: ClientRecord, presented: Presented): Promise<boolean> {
  const expected = authMethod(client)
  const isAllowed =
    presented.method === expected ||
    (client.tokenEndpointAuthMethod === undefined && SECRET_METHODS.has(expected) && SECRET_METHODS.has(presented.method))
  if (!isAllowed) return false
  return presented.method === 'none' || isClientSecret(presented.secret ?? '', client)
}

function refused({ request, server }: Exchange): OAuthError {
  const challenge = request.headers.has('authorization') ? { 'www-authenticate': `Basic realm="${server.issuer}"` } : {}
  return new OAuthError('invalid_client', 'the client is unknown, or did not authenticate in its way', { headers: challenge })
}
