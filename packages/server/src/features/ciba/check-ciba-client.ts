import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { checkGrantType, isPublic } from '../../token/grants/client-may.js'
import { CIBA_GRANT_TYPE } from './ciba-request.js'

/**
 * The client must authenticate, and must poll: this server sends no notifications to clients.
 *
 * @throws OAuthError `unauthorized_client`. @see OpenID Connect CIBA Core 1.0, sections 4, 7.1 and 11
 */
export function checkCibaClient(client: ClientRecord): void {
  checkGrantType(client, CIBA_GRANT_TYPE)
  if (isPublic(client)) throw new OAuthError('unauthorized_client', 'clients without authentication may not use this grant type')
  const { backchannelTokenDeliveryMode: mode = 'poll' } = client
  if (mode !== 'poll')
    throw new OAuthError('unauthorized_client', 'the client is registered for a delivery mode that this server does not support')
}
