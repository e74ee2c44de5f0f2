import { OAuthError } from '../../http/oauth-error.js'
import { requestsDetails } from '../authorization-details-support.js'
import type { Issue } from '../issue.js'
import { randomText } from '../random-text.js'
import { isPublic } from './client-may.js'
import { GRANT_OPTIONS, grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'
import { checkMembers } from '../../options/check-members.js'

/** Creates the client credentials grant: tokens for the client itself, without user, refresh token and ID token. @see RFC 6749, section 4.4 */
export function clientCredentials(options: GrantOptions = {}): Grant {
  checkMembers(options, GRANT_OPTIONS, { name: 'clientCredentials' })
  return { ...grantBase(options), grantType: 'client_credentials', handle: issueForClient }
}

async function issueForClient({ params, client, grant, context: { server } }: TokenRequest): Promise<Issue> {
  if (isPublic(client)) throw new OAuthError('unauthorized_client', 'clients without authentication may not use this grant type')
  return {
    client,
    grantType: 'client_credentials',
    scope: grantedScope(params.get('scope'), { grant, client, server, hasDetails: requestsDetails(params) }),
    requestedScope: params.get('scope'),
    data: {},
    // As random as a UUID, and two thirds as long: a server keeps many of these tokens in memory.
    families: [randomText(16)],
    expiresIn: grant.expiresIn,
    withRefreshToken: false,
    resources: requestedResources(params, client),
    dpopJkt: undefined,
    ...(await server.authorizationDetails.requested(params, client)),
  }
}
