import { SignJWT } from 'jose'
import { readForm } from '../http/body.js'
import { OAuthError } from '../http/oauth-error.js'
import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { presentedToken, type PresentedToken } from './presented-token.js'
import { grantedClaims } from '../token/granted-claims.js'
import { challenge, checkAccessToken } from './verify-request.js'
import { jsonResponse } from '../http/json-response.js'

/** The UserInfo endpoint. @see OpenID Connect Core 1.0, section 5.3 */
export async function userInfo({ server, request }: RequestContext): Promise<Response> {
  const requirements = { scope: 'openid', url: `${server.base}/userinfo` }
  try {
    const record = await checkAccessToken({ request, presented: await readToken(request), requirements }, server)
    const client = await server.clients.findClient(record.clientId)
    if (!client || record.userId === undefined) throw new OAuthError('invalid_token', 'the access token has no user')
    const claims = await grantedClaims(server, { ...record, client, destination: 'userinfo' })
    return client.userinfoSignedResponseAlg === undefined ? jsonResponse(claims) : await signedResponse(claims, client, server)
  } catch (error) {
    if (error instanceof OAuthError) return challenge(error, { ...requirements, request }, server)
    throw error
  }
}

/** Reads the token from the header or a form. Never from the query, which ends up in logs. @see RFC 6750, sections 2 and 3.1 */
async function readToken(request: Request): Promise<PresentedToken | undefined> {
  const presented = presentedToken(request)
  const tokens = hasForm(request, presented) ? (await readForm(request)).getAll('access_token') : []
  if (tokens.length > (presented ? 0 : 1)) throw new OAuthError('invalid_request', 'the request has more than one access token')
  const [token] = tokens
  return token === undefined ? presented : { scheme: 'bearer', token }
}

/** Beside a token in the header, the body may be anything; otherwise it must be a form. */
function hasForm({ method, headers }: Request, presented: PresentedToken | undefined): boolean {
  const type = headers.get('content-type')
  if (method !== 'POST' || type === null) return false
  return presented === undefined || /^application\/x-www-form-urlencoded/i.test(type)
}

/** @see OpenID Connect Core 1.0, section 5.3.2 */
async function signedResponse(claims: Record<string, unknown>, client: ClientRecord, server: ServerContext): Promise<Response> {
  const { key, kid, alg } = await server.keys.signingKey(client.userinfoSignedResponseAlg)
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg, kid })
    .setIssuer(server.issuer)
    .setAudience(client.clientId)
    .sign(key)
  return new Response(jwt, { headers: { 'content-type': 'application/jwt', 'cache-control': 'no-store' } })
}
