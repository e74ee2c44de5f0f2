import { grantOf, words, type AuthorizationRequest } from '../checks/authorization-request.js'
import type { Exchange } from '../server-parts.js'
import type { AuthorizationCodeRecord } from '../storage/auth-code-store.js'
import { defined } from '../defined.js'
import { digest } from '../storage/digest.js'
import { addClient, type StoredSession } from '../site/browser-session.js'

/** @returns the parameters of the authorization response: a code. @see RFC 6749, section 4.1.2 */
export async function grantAuthorization(
  exchange: Exchange,
  request: AuthorizationRequest,
  session: StoredSession,
): Promise<Record<string, string>> {
  await addClient(exchange.server, session, request.client.clientId)
  const response: Record<string, string> = {}
  if (words(request.responseType).includes('code')) response['code'] = await issueCode(exchange, request, session)
  return response
}

async function issueCode({ server }: Exchange, request: AuthorizationRequest, session: StoredSession): Promise<string> {
  const code = await server.tokens.generate({ kind: 'authorization_code', issuer: server.issuer })
  const { params, client } = request
  const lifetime = grantOf(request).code?.codeLifetime ?? 60
  const optional = {
    codeChallenge: params.get('code_challenge'),
    codeChallengeMethod: params.get('code_challenge') && (params.get('code_challenge_method') ?? 'plain'),
    nonce: params.get('nonce'),
    acr: session.acr,
    amr: session.amr,
    claims: params.get('claims'),
    resources: params.all('resource').length > 0 ? params.all('resource') : undefined,
  }
  const record: AuthorizationCodeRecord = {
    code: await digest(code),
    clientId: client.clientId,
    redirectUri: request.hasRedirectUri ? request.redirectUri : undefined,
    scope: request.scope,
    userId: session.userId,
    expiresAt: server.now() + lifetime * 1000,
    data: session.data ?? {},
    grantId: crypto.randomUUID(),
    sid: session.sid,
    authTime: session.authTime,
    ...defined(optional),
  }
  await server.stores.authCodes.saveCode(record)
  return code
}
