import { OAuthError } from '../../http/oauth-error.js'
import type { ServerContext } from '../../options/server-context.js'
import { digest } from '../../storage/digest.js'
import { checkActiveUser } from '../../token/check-active-user.js'
import type { TokenRequest } from '../../token/grants/grant.js'
import { stillAllowedScope } from '../../token/grants/granted-scope.js'
import { narrowedResources } from '../../token/grants/requested-resources.js'
import type { Issue } from '../../token/issue.js'
import type { Approval, Decisions, PendingRequest } from './decisions.js'

/** How a client polls for the decision about its request. */
export interface PollSettings<Request extends PendingRequest> {
  /** The parameter that names the request. */
  readonly parameter: string
  readonly find: (key: string, server: Pick<ServerContext, 'stores'>) => Promise<Request | undefined>
  readonly decisions: Decisions
  /** Seconds between polls. */
  readonly interval: number
}

/**
 * Returns what to issue, once, after the user approved.
 *
 * @throws OAuthError `authorization_pending`, `slow_down`, `expired_token`, `access_denied`; `invalid_grant` if the request is another
 *   client's or was redeemed
 * @see RFC 8628, section 3.5; OpenID Connect CIBA Core 1.0, section 11
 */
export async function pollDecision<Request extends PendingRequest>(
  request: TokenRequest,
  { parameter, find, decisions, interval }: PollSettings<Request>,
): Promise<Issue> {
  const { params, client, grant, context } = request
  const { server } = context
  const secret = params.get(parameter)
  if (secret === undefined) throw new OAuthError('invalid_request', `"${parameter}" is missing`)
  const pending = await find(await digest(secret), server)
  if (!pending || pending.clientId !== client.clientId) throw unknown(parameter)
  if (pending.expiresAt <= server.now()) throw new OAuthError('expired_token', `the "${parameter}" has expired`)
  const respectsInterval = await decisions.respectsInterval(pending, interval, server)
  const decision = await decisions.read(pending, server)
  if (!decision) {
    if (!respectsInterval) throw new OAuthError('slow_down', `wait ${interval} seconds between polls`)
    throw new OAuthError('authorization_pending', 'the user has not decided yet')
  }
  if (!decision.allowed) throw new OAuthError('access_denied', 'the user denied the request')
  const issue = await issueFor(pending, decision, request)
  if (!(await decisions.take(pending, server))) throw unknown(parameter)
  await checkActiveUser({ userId: issue.userId, scope: issue.scope, grant }, request)
  return issue
}

function unknown(parameter: string): OAuthError {
  return new OAuthError('invalid_grant', `the "${parameter}" is unknown, or was used before`)
}

async function issueFor(pending: PendingRequest, approval: Approval, request: TokenRequest): Promise<Issue> {
  const { params, client, grant, context } = request
  const { server } = context
  const { userId, data, authTime, acr, amr } = approval
  // The user may have agreed to less.
  const { resources, authorizationDetails } = approval.scope === undefined ? pending : approval
  const { scope = pending.scope } = approval
  const details = await server.authorizationDetails.narrowed(params, authorizationDetails, client)
  const { requestedScope } = pending
  return {
    client,
    grantType: grant.grantType ?? '',
    // The record of the client may have changed since the approval.
    scope: stillAllowedScope(scope, { grant, client, server }),
    requestedScope,
    userId,
    data,
    authTime,
    acr,
    amr,
    // Not bound to the session of the approving browser, which may be on a shared computer.
    families: [crypto.randomUUID()],
    expiresIn: grant.expiresIn,
    withRefreshToken: true,
    // The token request may name some of them (RFC 8707, section 2.2).
    ...narrowedResources(params, resources, client),
    ...details,
    refreshDetails: authorizationDetails,
  }
}
