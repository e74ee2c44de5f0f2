import { authenticateClient } from '../token/client-authentication/authenticate-client.js'
import { defined } from '../options/defined.js'
import { readForm } from '../http/body.js'
import { isPublic } from '../token/grants/client-may.js'
import { OAuthError } from '../http/oauth-error.js'
import { checkRepeatedParameters, readParameters } from '../http/parameters.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'
import type { TokenRecord } from '../storage/access-token-store.js'
import type { ClientRecord } from '../storage/client-store.js'
import { isExpired } from '../storage/expiry.js'
import { digest } from '../storage/digest.js'
import { jsonResponse } from '../http/json-response.js'

/** The introspection endpoint. @see RFC 7662, section 2 */
export async function introspection(exchange: Exchange): Promise<Response> {
  const params = readParameters(await readForm(exchange.request))
  checkRepeatedParameters(params)
  const client = await authenticateClient(exchange, params)
  const token = params.get('token')
  if (token === undefined) throw new OAuthError('invalid_request', '"token" is missing')
  exchange.server.emit({ type: 'token.introspected', clientId: client.clientId })
  return jsonResponse(await describe(await digest(token), client, exchange.server))
}

/** What is unknown, over, or none of the client's business is only said to be inactive (RFC 7662, sections 2.2 and 4). */
async function describe(token: string, client: ClientRecord, server: ServerParts): Promise<Record<string, unknown>> {
  const { accessTokens } = server.stores
  const access = await accessTokens.findByToken(token)
  const record = access ?? (await findUnusedRefreshToken(token, server))
  if (!record || isExpired(record, server.now()) || !mayKnow(client, record, access !== undefined)) return { active: false }
  const { dpopJkt } = record
  return {
    active: true,
    ...members(record, server),
    ...(access ? { token_type: dpopJkt === undefined ? 'Bearer' : 'DPoP' } : {}),
  }
}

/** One that was rotated away is over, though a replay of it must still be recognized. */
async function findUnusedRefreshToken(token: string, { stores }: ServerParts): Promise<TokenRecord | undefined> {
  const record = await stores.accessTokens.findByRefreshToken(token)
  return record?.usedAt === undefined ? record : undefined
}

/** Clients that authenticate are the resource servers; one that cannot may only ask about what it holds itself. */
function mayKnow(client: ClientRecord, { clientId }: TokenRecord, isAccessToken: boolean): boolean {
  return clientId === client.clientId || (isAccessToken && !isPublic(client))
}

function members(record: TokenRecord, server: ServerParts): Record<string, unknown> {
  const { scope, clientId, userId, expiresAt, issuedAt, resources, dpopJkt, authTime, acr, data, authorizationDetails } = record
  return defined({
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
  })
}
