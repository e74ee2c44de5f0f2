import type { Feature } from '../feature.js'
import { clientConfigurationEndpoint, registrationEndpoint, writableStore } from './registration-endpoint.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link registration}. */
export interface RegistrationOptions {
  /** The bearer token that a registration must present; without it, anyone may register clients. */
  readonly initialAccessToken?: string | undefined
}

const OPTIONS: MembersOf<RegistrationOptions> = { initialAccessToken: true }

/** Creates the feature of dynamic client registration; it needs a `ClientStore` that can save. @see RFC 7591; RFC 7592 */
export function registration(options: RegistrationOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'registration' })
  return {
    name: 'registration',
    routes: [
      {
        path: '/register',
        methods: ['POST'],
        handle: (context) => registrationEndpoint(context, options.initialAccessToken),
        audience: 'script',
      },
      {
        path: '/register/:id',
        methods: ['GET', 'PUT', 'DELETE'],
        handle: clientConfigurationEndpoint,
        audience: 'script',
      },
    ],
    metadata: (server) => ({ registration_endpoint: server.urlOf('/register') }),
    check: (server) => void writableStore(server),
  }
}
