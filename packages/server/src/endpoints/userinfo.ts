import { readForm } from '../form-body.js'
import { OAuthError } from '../oauth-error.js'
import type { Exchange } from '../server-parts.js'
import { accessTokenOfRequest } from '../tokens/access-token-of-request.js'
import { grantedClaims } from '../tokens/granted-claims.js'
import { challenge, checkAccessToken } from '../tokens/verify-request.js'
import { jsonResponse } from './json-response.js'

const DEMANDS = { scope: 'openid' }

/** The UserInfo endpoint. @see OpenID Connect Core 1.0, section 5.3 */
export async function userInfo(exchange: Exchange): Promise<Response> {
  const { server } = exchange
  try {
    const record = await checkAccessToken(await readToken(exchange.request), DEMANDS, server)
    const client = await server.clients.findClient(record.clientId)
    if (!client || record.userId === undefined) throw new OAuthError('invalid_token', 'the access token stands for no person')
    return jsonResponse(await grantedClaims(server, { ...record, client, destination: 'userinfo' }))
  } catch (error) {
    if (error instanceof OAuthError) return challenge(error, DEMANDS, server)
    throw error
  }
}

/** In the header, or in a form; never in the query, where logs would keep it. @see RFC 6750, sections 2.1 to 2.3 */
async function readToken(request: Request): Promise<string | undefined> {
  const presented = accessTokenOfRequest(request)
  if (presented || request.method !== 'POST' || !request.headers.get('content-type')) return presented?.token
  return (await readForm(request)).get('access_token') ?? undefined
}
