import { asksForDetails, requestedDetails } from '../../features/rar/requested-details.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Issue } from '../issue-tokens.js'
import { grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { isPublic } from './client-may.js'

export interface PasswordOptions extends GrantOptions {
  /** Let clients without a secret use it. Default false: anybody could try passwords then. */
  readonly allowPublicClients?: boolean
}

/** The resource owner password grant. Legacy: RFC 9700, section 2.4 forbids it to anything new. @see RFC 6749, section 4.3 */
export function password(options: PasswordOptions = {}): Grant {
  const { allowPublicClients = false } = options
  return {
    ...grantBase(options),
    grantType: 'password',
    async handle(request) {
      if (!allowPublicClients && isPublic(request.client)) {
        throw new OAuthError('unauthorized_client', 'clients without authentication may not use this grant type')
      }
      return signInWithPassword(request)
    },
  }
}

async function signInWithPassword({ params, client, grant, exchange: { server } }: TokenRequest): Promise<Issue> {
  const username = params.get('username')
  const secret = params.get('password')
  if (username === undefined || secret === undefined)
    throw new OAuthError('invalid_request', '"username" or "password" is missing')
  const scope = grantedScope(params.get('scope'), { grant, client, server, hasDetails: asksForDetails(params) })
  const user = await (grant.site ?? server.site).authenticatePassword({ username, password: secret, client, scope })
  if (!user) {
    server.emit({ type: 'sign_in.failed', clientId: client.clientId })
    throw new OAuthError('invalid_grant', 'username and password do not fit')
  }
  return {
    client,
    grantType: 'password',
    scope,
    requestedScope: params.get('scope'),
    userId: user.userId,
    data: user.data ?? {},
    families: [crypto.randomUUID()],
    expiresIn: grant.expiresIn,
    withRefreshToken: true,
    authTime: user.authTime ?? Math.floor(server.now() / 1000),
    ...(await requestedDetails(params, { client, server })),
  }
}
