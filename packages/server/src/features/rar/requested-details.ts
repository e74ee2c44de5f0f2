import type { Parameters } from '../../http/parameters.js'
import type { AuthorizationDetails } from '../../storage/authorization-details.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { WithDetails } from '../../token/authorization-details-support.js'
import { invalidDetails, parseAuthorizationDetails, type AuthorizationDetailsType } from './authorization-details.js'
import { covers } from './covers.js'

/** The client of a request, and the types that the server supports. */
export interface DetailsRequest {
  readonly client: ClientRecord
  readonly types: Readonly<Record<string, AuthorizationDetailsType>>
}

/**
 * Returns the details of a request, each object of a type that the server supports and the client may use.
 *
 * @throws OAuthError `invalid_authorization_details`. @see RFC 9396, section 5
 */
export async function requestedDetails(params: Parameters, request: DetailsRequest): Promise<WithDetails> {
  const text = params.get('authorization_details')
  if (text === undefined) return {}
  const authorizationDetails = parseAuthorizationDetails(text)
  await Promise.all(authorizationDetails.map((details) => check(details, request)))
  return { authorizationDetails }
}

async function check(details: AuthorizationDetails, { client, types }: DetailsRequest): Promise<void> {
  const type = Object.hasOwn(types, details.type) ? types[details.type] : undefined
  if (!type) throw invalidDetails('"authorization_details" has a type that this server does not support')
  if (!mayUse(details.type, client)) throw invalidDetails('"authorization_details" has a type that this client may not use')
  const problem = await type.check(details, { client })
  if (problem !== undefined) throw invalidDetails(`"authorization_details" of type "${details.type}": ${problem}`)
}

/**
 * Returns the details that a token request narrows the grant to, or all of those granted.
 *
 * @throws OAuthError `invalid_authorization_details` for more than was granted. @see RFC 9396, section 6
 */
export async function narrowedDetails(
  params: Parameters,
  granted: readonly AuthorizationDetails[] | undefined,
  request: DetailsRequest,
): Promise<WithDetails> {
  const { authorizationDetails: requested } = await requestedDetails(params, request)
  if (!requested) return { authorizationDetails: stillAllowed(granted, request) }
  const left = [...(granted ?? [])]
  for (const details of requested) {
    // Each granted object covers one request: one approved payment must not become two.
    const found = left.findIndex((one) => isCovered(one, details, request))
    if (found === -1) throw invalidDetails('"authorization_details" requests more than was granted')
    left.splice(found, 1)
  }
  return { authorizationDetails: requested }
}

/** The record of the client may allow fewer types than when they were granted, or, in a token exchange, than the first client may use. */
function stillAllowed(
  granted: readonly AuthorizationDetails[] | undefined,
  { client, types }: DetailsRequest,
): readonly AuthorizationDetails[] | undefined {
  const left = granted?.filter(({ type }) => Object.hasOwn(types, type) && mayUse(type, client))
  return left?.length === 0 ? undefined : left
}

function mayUse(type: string, { authorizationDetailsTypes, selfRegistered }: ClientRecord): boolean {
  return authorizationDetailsTypes?.includes(type) ?? selfRegistered !== true
}

function isCovered(granted: AuthorizationDetails, requested: AuthorizationDetails, { types }: DetailsRequest): boolean {
  if (granted.type !== requested.type) return false
  return (types[requested.type]?.covers ?? covers)(granted, requested)
}
