import { readFormParameters } from '../http/form-parameters.js'
import { jsonResponse } from '../http/json-response.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Reply } from '../http/reply.js'
import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'
import type { TokenRecord } from '../storage/access-token-store.js'
import type { ClientRecord } from '../storage/client-record.js'
import { digestNow } from '../storage/digest.js'
import { isExpired } from '../storage/expiry.js'
import { authenticateClient } from '../token/client-authentication/authenticate-client.js'
import { isPublic } from '../token/grants/client-may.js'

/** The introspection endpoint. @see RFC 7662, section 2 */
export async function introspection(context: RequestContext): Promise<Reply> {
  const params = await readFormParameters(context.request)
  const client = await authenticateClient(context, params)
  const token = params.get('token')
  if (token === undefined) throw new OAuthError('invalid_request', '"token" is missing')
  context.server.emit({ type: 'token.introspected', clientId: client.clientId })
  return jsonResponse(await describe(digestNow(token), client, context.server))
}

/** An unknown or expired token, or one that the client may not inspect, is only reported as inactive (RFC 7662, sections 2.2 and 4). */
async function describe(token: string, client: ClientRecord, server: ServerContext): Promise<Record<string, unknown>> {
  const { accessTokens } = server.stores
  const access = await accessTokens.findByToken(token)
  const record = access ?? (await findUnusedRefreshToken(token, server))
  if (!record || isExpired(record, server.now()) || !mayInspect(client, record, access !== undefined)) return { active: false }
  const type = record.dpopJkt === undefined ? 'Bearer' : 'DPoP'
  return { active: true, token_type: access && type, ...members(record, server) }
}

/** A rotated refresh token is inactive, though its record is kept to detect reuse. */
async function findUnusedRefreshToken(token: string, { stores }: ServerContext): Promise<TokenRecord | undefined> {
  const record = await stores.accessTokens.findByRefreshToken(token)
  return record?.usedAt === undefined ? record : undefined
}

/** Confidential clients are resource servers; a public client, or one that registered itself, may only inspect its own tokens. */
function mayInspect(client: ClientRecord, { clientId }: TokenRecord, isAccessToken: boolean): boolean {
  return clientId === client.clientId || (isAccessToken && !isPublic(client) && client.introspects !== 'own')
}

function members(record: TokenRecord, server: ServerContext): Record<string, unknown> {
  const { scope, clientId, userId, expiresAt, issuedAt, resources, dpopJkt, authTime, acr, data, authorizationDetails } = record
  return {
    iss: server.issuer,
    client_id: clientId,
    scope: scope.join(' '),
    sub: userId ?? clientId,
    exp: expiresAt === undefined ? undefined : Math.floor(expiresAt / 1000),
    iat: Math.floor(issuedAt / 1000),
    aud: resources,
    auth_time: authTime,
    acr,
    act: data['act'],
    authorization_details: authorizationDetails,
    cnf: dpopJkt === undefined ? undefined : { jkt: dpopJkt },
  }
}
