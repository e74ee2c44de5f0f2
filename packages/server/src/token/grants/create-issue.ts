import { OAuthError } from '../../http/oauth-error.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'
import { isSeconds } from '../../http/is-seconds.js'
import { requestsDetails } from '../authorization-details-support.js'
import type { Issue } from '../issue.js'
import { checkLifetime, type TokenRequest } from './grant.js'
import { parseScope } from '../scope.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'

/** What a custom grant decides about the tokens. Everything else follows from the request. */
export type IssueDecision = Partial<
  Pick<
    Issue,
    | 'userId'
    | 'expiresIn'
    | 'data'
    | 'withRefreshToken'
    | 'withoutIdToken'
    | 'sid'
    | 'nonce'
    | 'authTime'
    | 'acr'
    | 'amr'
    | 'claims'
    | 'more'
  >
> & {
  /** The most that is granted, space-separated. Default: what the request asks for. The grant, the client and the server limit both. */
  readonly scope?: string | undefined
}

/**
 * Creates what the `handle` of a custom grant returns: tokens for the request's client, with the requested scope as far as grant and
 * client allow it, the requested resources and authorization details. With a user, a refresh token is issued too if the server has the
 * refresh token grant.
 *
 * @throws OAuthError `invalid_scope`, `invalid_target` or `invalid_authorization_details`; TypeError for an invalid decision
 */
export async function createIssue(request: TokenRequest, decision: IssueDecision = {}): Promise<Issue> {
  const { params, client, grant, context } = request
  const { server } = context
  checkIssueDecision(decision)
  const { scope: allowed, expiresIn = grant.expiresIn, ...decided } = decision
  const requested = params.get('scope') ?? allowed
  const granted = grantedScope(requested, { grant, client, server, hasDetails: requestsDetails(params) })
  const scope = allowed === undefined ? granted : granted.filter((name) => parseScope(allowed).includes(name))
  if (scope.length === 0 && granted.length > 0)
    throw new OAuthError('invalid_scope', 'this grant gives none of the requested scope')
  return {
    client,
    grantType: grant.grantType ?? '',
    scope,
    requestedScope: params.get('scope'),
    families: [crypto.randomUUID()],
    expiresIn,
    resources: requestedResources(params, client),
    isNarrowed: true,
    ...(await server.authorizationDetails.requested(params, client)),
    ...decided,
    data: decision.data ?? {},
    // An undefined member of the decision must not replace what follows from the request.
    withRefreshToken: decision.withRefreshToken ?? decision.userId !== undefined,
  }
}

const MEMBERS: MembersOf<IssueDecision> = {
  userId: true,
  data: true,
  withRefreshToken: true,
  withoutIdToken: true,
  expiresIn: true,
  sid: true,
  nonce: true,
  authTime: true,
  acr: true,
  amr: true,
  claims: true,
  more: true,
  scope: true,
}

/** Throws a TypeError for a decision of a custom grant that would be ignored or would issue other tokens than meant. */
function checkIssueDecision(decision: IssueDecision): void {
  checkMembers(decision, MEMBERS, { name: 'createIssue' })
  const { userId, expiresIn, authTime } = decision
  if (userId !== undefined && (typeof userId !== 'string' || userId === ''))
    throw new TypeError('createIssue: "userId" must be a string that is not empty, or undefined if no user is involved')
  if (authTime !== undefined && !isSeconds(authTime))
    throw new TypeError('createIssue: "authTime" must be in seconds since the epoch, not in milliseconds')
  checkLifetime(expiresIn, 'createIssue: "expiresIn"')
}
