import { OAuthError } from '../../http/oauth-error.js'
import { GRANT_OPTIONS, grantBase, type Grant, type GrantOptions } from '../../token/grants/grant.js'
import type { ProposedClient } from '../client-metadata-members.js'
import type { Feature } from '../feature.js'
import { pollDecision } from '../polling/poll-decision.js'
import { approvalEndpoint } from './approval-endpoint.js'
import { backchannelAuthentication } from './backchannel-authentication.js'
import { checkCibaClient } from './check-ciba-client.js'
import { CIBA_GRANT_TYPE, cibaDecisions, findCibaRequest } from './ciba-request.js'
import type { CibaContext, CibaSettings } from './ciba-settings.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'
import type { Optional } from '../../options/without-undefined.js'

/** Options of {@link ciba}. */
export interface CibaOptions extends GrantOptions, Optional<CibaSettings> {}

const OPTIONS: MembersOf<CibaOptions> = {
  ...GRANT_OPTIONS,
  requestLifetime: true,
  longestLifetime: true,
  interval: true,
  maxAge: true,
  notifyUser: true,
  readLoginHintToken: true,
  checkUserCode: true,
  renderApprovalPage: true,
}

/**
 * Creates the feature of client-initiated backchannel authentication in poll mode: a client requests a user who is elsewhere, at a
 * till or on the phone, to approve on their own device. @see OpenID Connect CIBA Core 1.0
 */
export function ciba(options: CibaOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'ciba' })
  const settings: CibaSettings = { ...options, ...lifetimes(options) }
  const { interval, checkUserCode } = settings
  const grant: Grant = {
    ...grantBase(options),
    grantType: CIBA_GRANT_TYPE,
    async handle(request) {
      checkCibaClient(request.client)
      return pollDecision(request, { parameter: 'auth_req_id', find: findCibaRequest, decisions: cibaDecisions, interval })
    },
  }
  const context: CibaContext = { settings, grant }
  return {
    name: 'ciba',
    grant,
    routes: [
      {
        path: '/backchannel_authentication',
        methods: ['POST'],
        handle: (request) => backchannelAuthentication(request, context),
        audience: 'script',
        authenticatesClients: true,
      },
      {
        path: '/approve',
        methods: ['GET', 'POST'],
        handle: (request) => approvalEndpoint(request, context),
        audience: 'page',
      },
    ],
    // OpenID Connect CIBA Core 1.0, section 4
    metadata: (server) => ({
      backchannel_authentication_endpoint: server.urlOf('/backchannel_authentication'),
      backchannel_token_delivery_modes_supported: ['poll'],
      backchannel_user_code_parameter_supported: checkUserCode !== undefined,
    }),
    clientMetadata: {
      members: { backchannelTokenDeliveryMode: { wireName: 'backchannel_token_delivery_mode', type: 'any' } },
      check: checkDeliveryMode,
    },
  }
}

function lifetimes({
  requestLifetime = 300,
  longestLifetime = 900,
  interval = 5,
  maxAge,
}: CibaOptions): Pick<CibaSettings, 'requestLifetime' | 'longestLifetime' | 'interval' | 'maxAge'> {
  if (!(requestLifetime > 0 && requestLifetime <= longestLifetime))
    throw new TypeError('requestLifetime: expected seconds above 0 and at most longestLifetime')
  if (maxAge !== undefined && !(maxAge >= 60))
    throw new TypeError('maxAge: expected 60 seconds or more, so that there is time to read between sign-in and decision')
  return { requestLifetime, longestLifetime, interval, maxAge }
}

/** @see OpenID Connect CIBA Core 1.0, section 4 */
function checkDeliveryMode({ backchannelTokenDeliveryMode: mode }: ProposedClient): void {
  if (mode !== undefined && mode !== 'poll')
    throw new OAuthError('invalid_client_metadata', '"backchannel_token_delivery_mode" must be "poll"')
}
