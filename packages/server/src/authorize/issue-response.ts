import type { RequestContext } from '../http/request-context.js'
import { OAuthError } from '../http/oauth-error.js'
import { lifetimeOf } from '../token/grants/grant.js'
import { addClient, type StoredSession } from '../site/browser-session.js'
import { digestNow } from '../storage/digest.js'
import { familiesOf } from '../token/grants/authorization-code.js'
import { signIdToken } from '../token/id-token.js'
import type { Issue } from '../token/issue.js'
import { issueAccessToken } from '../token/issue-tokens.js'
import { words } from '../token/scope.js'
import { grantOf, type AuthorizationRequest } from './authorization-request.js'
import type { AuthorizationGrantRequest } from '../token/grants/grant-settings.js'
import { checkCodeChallenge } from './rules/check-pkce.js'
import { withoutUndefined } from '../options/without-undefined.js'

/** A granted request. All codes and tokens issued for it share the `grantId`. */
interface Granted {
  readonly request: AuthorizationRequest
  readonly session: StoredSession
  readonly grantId: string
}

/** What a request is granted with. */
interface GrantedWith {
  readonly session: StoredSession
  /** Resolves when the request is marked as used, if it was pushed or stored; rejects if it was used before. */
  readonly marked: Promise<void> | undefined
}

/**
 * Issues what the response type requests and returns the parameters of the authorization response. The caller sends them once the request
 * is marked as used. Until then, a code may be stored: no one has it yet.
 *
 * @see RFC 6749, sections 4.1.2 and 4.2.2; OpenID Connect Core 1.0, sections 3.2.2.5 and 3.3.2.5
 */
export async function issueResponse(
  context: RequestContext,
  request: AuthorizationRequest,
  { session, marked }: GrantedWith,
): Promise<Record<string, string>> {
  const { server } = context
  if (!isCodeAlone(request) || !session.clients.includes(request.client.clientId)) await marked
  await addClient(server, session, request.client.clientId)
  const granted: Granted = { request, session, grantId: crypto.randomUUID() }
  const { grant } = request
  if (grant?.authorize) return { ...(await grant.authorize(customRequest(context, granted))) }
  const types = words(request.responseType)
  if (types.some((type) => type === 'token' || type === 'id_token')) await checkActive(context, granted)
  const code = types.includes('code') ? await issueCode(context, granted) : undefined
  if (types.length === 1 && code !== undefined) return { code }
  const issue = frontChannelIssue(granted)
  const accessToken = types.includes('token') ? await issueAccessToken(issue, server) : undefined
  const hashed = { accessToken, code, state: request.state }
  const idToken = types.includes('id_token') ? await signIdToken(issue, server, hashed) : undefined
  // `URLSearchParams` would write the word "undefined".
  return withoutUndefined({ ...(accessToken && tokenParameters(accessToken, issue)), code, id_token: idToken })
}

/** Tells whether a code is all that the request gets, from the server itself. */
function isCodeAlone({ grant, responseType }: AuthorizationRequest): boolean {
  return responseType === 'code' && grant?.authorize === undefined
}

/** A code is refused when it is redeemed; tokens in the response are for the last time here. The user may have been removed since the sign-in. */
async function checkActive({ server }: RequestContext, { request, session }: Granted): Promise<void> {
  const { client, scope, grant } = request
  if (await (grant?.site ?? server.site).isActive(session.userId, { client, scope })) return
  throw new OAuthError('access_denied', 'the user is not active any more')
}

/** What a custom grant gets to know, and what it can create. */
function customRequest(context: RequestContext, granted: Granted): AuthorizationGrantRequest {
  const { request, session } = granted
  const { params, client, responseType, scope } = request
  return {
    request: context.request,
    env: context.env,
    params,
    client,
    responseType,
    scope,
    session,
    async createAccessToken() {
      // RFC 9449, section 5.2: no proof is possible here.
      if (client.dpopBoundAccessTokens) throw new OAuthError('unauthorized_client', 'this client may not use this response type')
      return issueAccessToken(frontChannelIssue(granted), context.server)
    },
    async createCode() {
      checkCodeChallenge(request)
      return issueCode(context, granted)
    },
  }
}

function tokenParameters(
  accessToken: string,
  { expiresIn, scope, requestedScope, authorizationDetails }: Issue,
): Record<string, string | undefined> {
  const granted = scope.join(' ')
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn?.toString(),
    scope: granted === (requestedScope ?? '') ? undefined : granted,
    authorization_details: authorizationDetails && JSON.stringify(authorizationDetails),
  }
}

type SharedMembers = Omit<
  Issue,
  'client' | 'grantType' | 'requestedScope' | 'families' | 'expiresIn' | 'withRefreshToken' | 'userId'
> & { readonly userId: string }

/** What the code and the front-channel tokens have in common. */
function sharedMembers({ request, session }: Granted): SharedMembers {
  const { params, scope, claims, resources, authorizationDetails } = request
  const { userId, data = {}, sid, authTime, acr, amr } = session
  return {
    scope,
    userId,
    data,
    sid,
    authTime,
    acr,
    amr,
    nonce: params.get('nonce'),
    claims: claims && JSON.stringify(claims),
    resources,
    authorizationDetails,
  }
}

function frontChannelIssue(granted: Granted): Issue {
  const { request, grantId, session } = granted
  return {
    client: request.client,
    grantType: 'implicit',
    requestedScope: request.params.get('scope'),
    families: familiesOf({ grantId, sid: session.sid, scope: request.scope }),
    expiresIn: lifetimeOf(grantOf(request)),
    withRefreshToken: false,
    ...sharedMembers(granted),
  }
}

async function issueCode({ server }: RequestContext, granted: Granted): Promise<string> {
  const { request, grantId } = granted
  const { params, client, redirectUri, hasRedirectUri } = request
  const code = await server.tokens.generate({ kind: 'authorization_code', issuer: server.issuer })
  const codeChallenge = params.get('code_challenge')
  await server.stores.authCodes.saveCode({
    code: digestNow(code),
    clientId: client.clientId,
    redirectUri: hasRedirectUri ? redirectUri : undefined,
    expiresAt: server.now() + (grantOf(request).code?.codeLifetime ?? 60) * 1000,
    grantId,
    codeChallenge,
    codeChallengeMethod: codeChallenge && (params.get('code_challenge_method') ?? 'plain'),
    dpopJkt: params.get('dpop_jkt'),
    requestedScope: params.get('scope'),
    ...sharedMembers(granted),
  })
  return code
}
