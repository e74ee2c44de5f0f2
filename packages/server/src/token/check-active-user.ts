import { OAuthError } from '../http/oauth-error.js'
import type { TokenRequest } from './grants/grant.js'
import type { GrantSettings } from './grants/grant-settings.js'

/** Whom tokens are for, and the grant by which the user signed in. */
interface Granted {
  readonly userId?: string | undefined
  readonly scope: readonly string[]
  readonly grant?: Pick<GrantSettings, 'site'> | undefined
}

/**
 * Asks the site that signed the user in, which may be the grant's: the user may have been removed since.
 *
 * @throws OAuthError `invalid_grant`
 */
export async function checkActiveUser(
  { userId, scope, grant }: Granted,
  { client, context: { server } }: Pick<TokenRequest, 'client' | 'context'>,
): Promise<void> {
  if (userId === undefined || (await (grant?.site ?? server.site).isActive(userId, { client, scope }))) return
  throw new OAuthError('invalid_grant', 'the user is not active any more')
}
