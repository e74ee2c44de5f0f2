import type { Feature } from '../feature.js'
import { checkPushed } from './check-pushed.js'
import { pushedAuthorization } from './pushed-authorization.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link par}. */
export interface ParOptions {
  /** Refuse authorization requests that were not pushed. Default false. @see RFC 9126, section 5 */
  readonly required?: boolean | undefined
}

const OPTIONS: MembersOf<ParOptions> = { required: true }

/** Creates the feature of pushed authorization requests. Every server has it; add it to set options. @see RFC 9126 */
export function par(options: ParOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'par' })
  const { required = false } = options
  return {
    name: 'par',
    routes: [{ path: '/par', methods: ['POST'], handle: pushedAuthorization, audience: 'script', authenticatesClients: true }],
    earlyRules: [checkPushed(required)],
    metadata: (server) => ({
      pushed_authorization_request_endpoint: server.urlOf('/par'),
      require_pushed_authorization_requests: required,
    }),
    clientMetadata: {
      members: {
        requirePushedAuthorizationRequests: { wireName: 'require_pushed_authorization_requests', type: 'flag' },
      },
    },
  }
}
