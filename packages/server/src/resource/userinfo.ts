import { OAuthError } from '../http/oauth-error.js'
import { Reply } from '../http/reply.js'
import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'
import type { ClientRecord } from '../storage/client-record.js'
import { findPresentedToken } from './presented-token.js'
import { grantedClaims } from '../token/granted-claims.js'
import { signJwt } from '../token/sign-jwt.js'
import { ANY_RESOURCE, challenge, checkAccessToken } from './verify-request.js'
import { jsonResponse } from '../http/json-response.js'

/** The UserInfo endpoint. @see OpenID Connect Core 1.0, section 5.3 */
export async function userInfo({ server, request }: RequestContext): Promise<Reply> {
  const requirements = { scope: 'openid', url: server.urlOf('/userinfo'), resource: ANY_RESOURCE }
  try {
    // Never from the query, which ends up in logs (RFC 6750, section 2.3).
    const presented = await findPresentedToken({ request, places: ['header', 'body'] })
    const record = await checkAccessToken({ request, presented, requirements }, server)
    checkAudience(record, server)
    const client = await server.clients.findClient(record.clientId)
    if (!client || record.userId === undefined) throw new OAuthError('invalid_token', 'the access token has no user')
    const { userId, scope, claims: requested } = record
    const query = { client, userId, scope, claims: requested, destination: 'userinfo' } as const
    const claims = await grantedClaims(server, query)
    return client.userinfoSignedResponseAlg === undefined ? jsonResponse(claims) : await signedResponse(claims, client, server)
  } catch (error) {
    if (error instanceof OAuthError) return challenge(error, { ...requirements, request }, server)
    throw error
  }
}

/**
 * The token of an OpenID Connect sign-in is for UserInfo, and for the resources of its request. One that was requested for certain resources
 * is for these alone: the API that gets it must not read the user's claims. @see RFC 8707, section 2.2; RFC 9700, section 2.3
 */
function checkAudience({ resources, isNarrowed }: AccessTokenRecord, server: ServerContext): void {
  if (!resources || !isNarrowed) return
  const own = [server.issuer, server.urlOf('/userinfo')]
  if (resources.some((resource) => own.includes(resource))) return
  throw new OAuthError('invalid_token', 'the token was requested for other resources; name the issuer as one for UserInfo')
}

/** @see OpenID Connect Core 1.0, section 5.3.2 */
async function signedResponse(claims: Record<string, unknown>, client: ClientRecord, server: ServerContext): Promise<Reply> {
  const signingKey = await server.keys.signingKey(client.userinfoSignedResponseAlg)
  const jwt = await signJwt({ ...claims, iss: server.issuer, aud: client.clientId }, signingKey)
  return new Reply(jwt, 200, { 'content-type': 'application/jwt', 'cache-control': 'no-store' })
}
