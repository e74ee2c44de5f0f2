import { OAuthError } from '../../http/oauth-error.js'
import { requestsDetails } from '../authorization-details-support.js'
import type { Issue } from '../issue.js'
import { limitGuesses } from '../../limits/limit-guesses.js'
import { isPossibleName } from '../../limits/normalize-name.js'
import type { NamedUser } from '../../limits/guess.js'
import { nameUser, passwordTargets } from '../../limits/name-user.js'
import { isPublic } from './client-may.js'
import { GRANT_OPTIONS, grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link password}. */
export interface PasswordOptions extends GrantOptions {
  /** Accept clients without a secret. Default false: with them, anyone could try passwords. */
  readonly allowPublicClients?: boolean | undefined
}

const OPTIONS: MembersOf<PasswordOptions> = { ...GRANT_OPTIONS, allowPublicClients: true }

/** Creates the resource owner password grant. Legacy: RFC 9700, section 2.4 forbids it for anything new. @see RFC 6749, section 4.3 */
export function password(options: PasswordOptions = {}): Grant {
  checkMembers(options, OPTIONS, { name: 'password' })
  const { allowPublicClients = false } = options
  return {
    ...grantBase(options),
    grantType: 'password',
    async handle(request) {
      if (!allowPublicClients && isPublic(request.client))
        throw new OAuthError('unauthorized_client', 'clients without authentication may not use this grant type')
      return signInWithPassword(request)
    },
  }
}

async function signInWithPassword({ params, client, grant, context }: TokenRequest): Promise<Issue> {
  const { server } = context
  const username = params.get('username')
  const secret = params.get('password')
  if (username === undefined || secret === undefined)
    throw new OAuthError('invalid_request', '"username" or "password" is missing')
  const scope = grantedScope(params.get('scope'), { grant, client, server, hasDetails: requestsDetails(params) })
  // Before the password is tried: a token for no resource would be valid everywhere.
  const resources = requestedResources(params, client)
  const site = grant.site ?? server.site
  const event = (): Promise<NamedUser> => nameUser(username, client, site)
  // A confidential client sends the passwords of all of its users from one address.
  const sender = isPublic(client) ? undefined : client.clientId
  const [target, ...others] = await passwordTargets({ name: username, sender }, client, site)
  const guess = { ...target, others, kind: 'password', event } as const
  const user = isPossibleName(username)
    ? await limitGuesses(context, guess, async () => site.authenticatePassword({ username, password: secret, client, scope }))
    : undefined
  if (!user) {
    server.emit({ type: 'sign_in.failed', ...(await event()) })
    throw new OAuthError('invalid_grant', 'user name or password is wrong')
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
    resources,
    isNarrowed: true,
    authTime: user.authTime ?? Math.floor(server.now() / 1000),
    ...(await server.authorizationDetails.requested(params, client)),
  }
}
