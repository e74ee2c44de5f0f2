import { SignJWT } from 'jose'
import { readForm } from '../http/body.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'
import { accessTokenOfRequest, type PresentedToken } from './access-token-of-request.js'
import { grantedClaims } from '../token/granted-claims.js'
import { challenge, checkAccessToken } from './verify-request.js'
import { jsonResponse } from '../http/json-response.js'

/** The UserInfo endpoint. @see OpenID Connect Core 1.0, section 5.3 */
export async function userInfo({ server, request }: Exchange): Promise<Response> {
  const demands = { scope: 'openid', url: `${server.base}/userinfo` }
  try {
    const record = await checkAccessToken({ request, presented: await readToken(request), demands }, server)
    const client = await server.clients.findClient(record.clientId)
    if (!client || record.userId === undefined) throw new OAuthError('invalid_token', 'the access token stands for no person')
    const claims = await grantedClaims(server, { ...record, client, destination: 'userinfo' })
    return client.userinfoSignedResponseAlg === undefined ? jsonResponse(claims) : await signedResponse(claims, client, server)
  } catch (error) {
    if (error instanceof OAuthError) return challenge(error, { ...demands, request }, server)
    throw error
  }
}

/** In the header, or in a form, and once; never in the query, where logs would keep it. @see RFC 6750, sections 2 and 3.1 */
async function readToken(request: Request): Promise<PresentedToken | undefined> {
  const presented = accessTokenOfRequest(request)
  const tokens = hasForm(request, presented) ? (await readForm(request)).getAll('access_token') : []
  if (tokens.length > (presented ? 0 : 1)) throw new OAuthError('invalid_request', 'the request has more than one access token')
  const [token] = tokens
  return token === undefined ? presented : { scheme: 'bearer', token }
}

/** Beside a token in the header any body will do; where it must be in the body, that has to be a form. */
function hasForm({ method, headers }: Request, presented: PresentedToken | undefined): boolean {
  const type = headers.get('content-type')
  if (method !== 'POST' || type === null) return false
  return presented === undefined || /^application\/x-www-form-urlencoded/i.test(type)
}

/** @see OpenID Connect Core 1.0, section 5.3.2 */
async function signedResponse(claims: Record<string, unknown>, client: ClientRecord, server: ServerParts): Promise<Response> {
  const { key, kid, alg } = await server.keys.signingKey(client.userinfoSignedResponseAlg)
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg, kid })
    .setIssuer(server.issuer)
    .setAudience(client.clientId)
    .sign(key)
  return new Response(jwt, { headers: { 'content-type': 'application/jwt', 'cache-control': 'no-store' } })
}
