import { checkGrantType, isPublic } from '../../token/grants/client-may.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { CIBA_GRANT_TYPE } from './ciba-request.js'

/**
 * A client must authenticate, and must not wait to be told what this server only says when it is asked.
 *
 * @throws OAuthError `unauthorized_client`. @see OpenID Connect CIBA Core 1.0, sections 4, 7.1 and 11
 */
export function checkCibaClient(client: ClientRecord): void {
  checkGrantType(client, CIBA_GRANT_TYPE)
  if (isPublic(client)) throw new OAuthError('unauthorized_client', 'clients without authentication may not use this grant type')
  const { backchannelTokenDeliveryMode: mode = 'poll' } = client
  if (mode !== 'poll')
    throw new OAuthError('unauthorized_client', 'the client is registered for a delivery mode that this server does not have')
}
