import type { Feature } from '../feature.js'
import { checkLimits } from './check-limits.js'
import { clientConfigurationEndpoint, registrationEndpoint, writableStore } from './registration-endpoint.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link registration}. */
export interface RegistrationOptions {
  /**
   * The bearer token that a registration must present. Without it, anyone may register clients, and the other options have defaults that
   * are safe for strangers.
   */
  readonly initialAccessToken?: string | undefined
  /** The grant types that a client may register. Default for strangers: `authorization_code` and `refresh_token`; else all. */
  readonly grantTypes?: readonly string[] | undefined
  /** The response types that a client may register. Default for strangers: `code`; else all. */
  readonly responseTypes?: readonly string[] | undefined
  /** The scope names that a client may use. Default for strangers: `openid`, `profile`, `email`, `offline_access`; else all. */
  readonly scopes?: readonly string[] | undefined
  /** The claims that a client may request one by one, beside those of its scope names. Default for strangers: none; else all. */
  readonly claims?: readonly string[] | undefined
  /** The resources that a client may request (RFC 8707), such as the URL of your API. Default for strangers: none; else all. */
  readonly resources?: readonly string[] | undefined
  /**
   * The types of `authorization_details` that a client may request (RFC 9396), where the server has the feature `rar()`. Default for
   * strangers: none; else all.
   */
  readonly authorizationDetailsTypes?: readonly string[] | undefined
  /** Let a client inspect access tokens of other clients, as a resource server does. Default for strangers: false; else true. */
  readonly introspection?: boolean | undefined
  /** Names that no registered client may have, or imitate with similar letters: those of your own clients. */
  readonly reservedNames?: readonly string[] | undefined
}

const OPTIONS: MembersOf<RegistrationOptions> = {
  initialAccessToken: true,
  grantTypes: true,
  responseTypes: true,
  scopes: true,
  claims: true,
  resources: true,
  authorizationDetailsTypes: true,
  introspection: true,
  reservedNames: true,
}

/** Creates the feature of dynamic client registration; it needs a `ClientStore` that can save. @see RFC 7591; RFC 7592 */
export function registration(options: RegistrationOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'registration' })
  checkOptions(options)
  return {
    name: 'registration',
    routes: [
      {
        path: '/register',
        methods: ['POST'],
        handle: (context) => registrationEndpoint(context, options),
        audience: 'script',
      },
      {
        path: '/register/:id',
        methods: ['GET', 'PUT', 'DELETE'],
        handle: (context) => clientConfigurationEndpoint(context, options),
        audience: 'script',
      },
    ],
    metadata: (server) => ({ registration_endpoint: server.urlOf('/register') }),
    check: (server) => void writableStore(server),
  }
}

function checkOptions(options: RegistrationOptions): void {
  const { initialAccessToken, introspection } = options
  if (initialAccessToken !== undefined && (typeof initialAccessToken !== 'string' || initialAccessToken.trim() === ''))
    throw new TypeError('registration: "initialAccessToken" must be a string that is not empty. Omit it to let anyone register')
  checkLimits('registration', options)
  if (introspection !== undefined && typeof introspection !== 'boolean')
    throw new TypeError('registration: "introspection" must be true or false')
}
