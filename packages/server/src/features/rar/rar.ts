import { OAuthError } from '../../http/oauth-error.js'
import { isTextList } from '../is-text-list.js'
import type { Feature } from '../feature.js'
import type { AuthorizationDetailsType } from './authorization-details.js'
import { describeDetails } from './describe-details.js'
import { narrowedDetails, requestedDetails } from './requested-details.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link rar}. */
export interface RarOptions {
  /** What clients may request in `authorization_details`, by `type`. */
  readonly types: Readonly<Record<string, AuthorizationDetailsType>>
}

const OPTIONS: MembersOf<RarOptions> = { types: true }
const TYPE_MEMBERS: MembersOf<AuthorizationDetailsType> = { check: true, describe: true, covers: true }

/** Creates the feature of rich authorization requests: `authorization_details` beside the scope. @see RFC 9396 */
export function rar(options: RarOptions): Feature {
  checkMembers(options, OPTIONS, { name: 'rar' })
  const { types } = options
  for (const [name, type] of Object.entries(types ?? {})) {
    checkMembers(type, TYPE_MEMBERS, { name: 'rar', of: name })
    if (typeof type.check !== 'function') throw new TypeError(`rar: "check" of "${name}": expected a function`)
  }
  const names = Object.keys(types)
  return {
    name: 'rar',
    authorizationDetails: {
      requested: (params, client) => requestedDetails(params, { client, types }),
      narrowed: (params, granted, client) => narrowedDetails(params, granted, { client, types }),
      describe: (details) => describeDetails(details, types),
    },
    metadata: () => (names.length === 0 ? {} : { authorization_details_types_supported: names }),
    clientMetadata: {
      members: { authorizationDetailsTypes: { wireName: 'authorization_details_types', type: 'texts' } },
      check({ authorizationDetailsTypes: registered }) {
        if (isTextList(registered) && !registered.every((type) => Object.hasOwn(types, type)))
          throw new OAuthError('invalid_client_metadata', 'a type of authorization details is not supported')
      },
    },
  }
}
