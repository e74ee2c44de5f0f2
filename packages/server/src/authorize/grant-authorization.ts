import { grantOf, words, type AuthorizationRequest } from './authorization-request.js'
import { defined } from '../options/defined.js'
import { familiesOf } from '../token/grants/authorization-code.js'
import type { Exchange } from '../options/server-parts.js'
import { addClient, type StoredSession } from '../site/browser-session.js'
import { digest } from '../storage/digest.js'
import { signIdToken } from '../token/id-token.js'
import { issueAccessToken, type Issue } from '../token/issue-tokens.js'

/** A granted request, with the name that everything which comes of it shares. */
interface Granted {
  readonly request: AuthorizationRequest
  readonly session: StoredSession
  readonly grantId: string
}

/**
 * @returns the parameters of the authorization response: code, access token, ID token, as the response type says
 * @see RFC 6749, sections 4.1.2 and 4.2.2; OpenID Connect Core 1.0, sections 3.2.2.5 and 3.3.2.5
 */
export async function grantAuthorization(
  exchange: Exchange,
  request: AuthorizationRequest,
  session: StoredSession,
): Promise<Record<string, string>> {
  await addClient(exchange.server, session, request.client.clientId)
  const granted: Granted = { request, session, grantId: crypto.randomUUID() }
  const asked = words(request.responseType)
  const code = asked.includes('code') ? await issueCode(exchange, granted) : undefined
  const issue = frontChannelIssue(granted)
  const accessToken = asked.includes('token') ? await issueAccessToken(issue, exchange.server) : undefined
  const companions = { ...defined({ accessToken, code }), state: request.state }
  const idToken = asked.includes('id_token') ? await signIdToken(issue, exchange.server, companions) : undefined
  return {
    ...(accessToken === undefined ? {} : tokenParameters(accessToken, issue)),
    ...(code === undefined ? {} : { code }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
  }
}

function tokenParameters(
  accessToken: string,
  { expiresIn, scope, requestedScope, authorizationDetails }: Issue,
): Record<string, string> {
  const granted = scope.join(' ')
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    ...(expiresIn === undefined ? {} : { expires_in: String(expiresIn) }),
    ...(granted === (requestedScope ?? '') ? {} : { scope: granted }),
    ...(authorizationDetails ? { authorization_details: JSON.stringify(authorizationDetails) } : {}),
  }
}

/** What the code and the front channel have in common. */
function grantedMembers({
  request,
  session,
}: Granted): Omit<Issue, 'client' | 'grantType' | 'requestedScope' | 'families' | 'expiresIn' | 'withRefreshToken'> {
  const { params, scope, authorizationDetails } = request
  const { userId, data = {}, sid, authTime, acr, amr } = session
  const resources = params.all('resource')
  return {
    scope,
    userId,
    data,
    sid,
    authTime,
    ...defined({
      acr,
      amr,
      nonce: params.get('nonce'),
      claims: params.get('claims'),
      resources: resources.length > 0 ? resources : undefined,
      authorizationDetails,
    }),
  }
}

function frontChannelIssue(granted: Granted): Issue {
  const { request, grantId, session } = granted
  return {
    ...grantedMembers(granted),
    client: request.client,
    grantType: 'implicit',
    requestedScope: request.params.get('scope'),
    families: familiesOf({ grantId, sid: session.sid, scope: request.scope }),
    expiresIn: grantOf(request).expiresIn,
    withRefreshToken: false,
  }
}

async function issueCode({ server }: Exchange, granted: Granted): Promise<string> {
  const { request, session, grantId } = granted
  const { params, client, redirectUri, hasRedirectUri } = request
  const code = await server.tokens.generate({ kind: 'authorization_code', issuer: server.issuer })
  const codeChallenge = params.get('code_challenge')
  await server.stores.authCodes.saveCode({
    ...grantedMembers(granted),
    code: await digest(code),
    clientId: client.clientId,
    userId: session.userId,
    redirectUri: hasRedirectUri ? redirectUri : undefined,
    expiresAt: server.now() + (grantOf(request).code?.codeLifetime ?? 60) * 1000,
    grantId,
    ...defined({
      codeChallenge,
      codeChallengeMethod: codeChallenge && (params.get('code_challenge_method') ?? 'plain'),
      dpopJkt: params.get('dpop_jkt'),
      requestedScope: params.get('scope'),
    }),
  })
  return code
}
