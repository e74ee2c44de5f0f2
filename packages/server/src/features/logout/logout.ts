import { OAuthError } from '../../http/oauth-error.js'
import type { ServerContext } from '../../options/server-context.js'
import { isReachable, isWebUrl } from '../allowed-uri.js'
import type { ProposedClient } from '../client-metadata-members.js'
import type { Feature } from '../feature.js'
import { endSession } from './end-session.js'
import { sendLogoutNotices } from './logout-notices.js'

/**
 * Creates the feature of sign-out: the end session endpoint, and notices to the clients of a session. Every server has it.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0; Back-Channel Logout 1.0; Front-Channel Logout 1.0
 */
export function logout(): Feature {
  return {
    name: 'logout',
    routes: [{ path: '/end-session', methods: ['GET', 'POST'], handle: endSession, audience: 'page' }],
    metadata: (server) => ({
      end_session_endpoint: server.urlOf('/end-session'),
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
    }),
    clientMetadata: {
      members: {
        backchannelLogoutUri: { wireName: 'backchannel_logout_uri', type: 'any' },
        frontchannelLogoutUri: { wireName: 'frontchannel_logout_uri', type: 'any' },
      },
      check: checkLogoutUris,
    },
    async onSessionReplaced(session, server) {
      await sendLogoutNotices(server, session)
    },
  }
}

function checkLogoutUris(
  { backchannelLogoutUri, frontchannelLogoutUri }: ProposedClient,
  server: Pick<ServerContext, 'mayFetch'>,
): void {
  for (const uri of [backchannelLogoutUri, frontchannelLogoutUri]) {
    if (uri !== undefined && !(typeof uri === 'string' && isWebUrl(uri)))
      throw new OAuthError('invalid_client_metadata', 'logout URIs must be https, or http on loopback')
  }
  if (typeof backchannelLogoutUri === 'string' && !isReachable(backchannelLogoutUri, server))
    throw new OAuthError('invalid_client_metadata', '"backchannel_logout_uri" must not lead to a private network')
}
