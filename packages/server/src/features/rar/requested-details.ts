import type { Parameters } from '../../http/parameters.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { invalid, parseAuthorizationDetails, type AuthorizationDetails } from './authorization-details.js'
import { covers } from './covers.js'

/** Who asks whom. */
export interface DetailsAsking {
  readonly client: ClientRecord
  readonly server: Pick<ServerParts, 'authorizationDetailsTypes'>
}

/** As it is spread into requests, grants and tokens: nothing where nothing was asked for. */
export interface WithDetails {
  readonly authorizationDetails?: readonly AuthorizationDetails[]
}

/** @returns whether a request asks for anything in detail */
export function asksForDetails(params: Parameters): boolean {
  return params.get('authorization_details') !== undefined
}

/**
 * @returns what a request asks for in detail, each object of a type that the server knows and the client may use
 * @throws OAuthError `invalid_authorization_details`. @see RFC 9396, section 5
 */
export async function requestedDetails(params: Parameters, asking: DetailsAsking): Promise<WithDetails> {
  const text = params.get('authorization_details')
  if (text === undefined) return {}
  const authorizationDetails = parseAuthorizationDetails(text)
  await Promise.all(authorizationDetails.map((details) => check(details, asking)))
  return { authorizationDetails }
}

async function check(details: AuthorizationDetails, { client, server }: DetailsAsking): Promise<void> {
  const { authorizationDetailsTypes: types } = server
  const known = Object.hasOwn(types, details.type) ? types[details.type] : undefined
  if (!known) throw invalid('"authorization_details" has a type that this server does not know')
  if (client.authorizationDetailsTypes?.includes(details.type) === false)
    throw invalid('"authorization_details" has a type that this client may not use')
  const problem = await known.check(details, { client })
  if (problem !== undefined) throw invalid(`"authorization_details" of type "${details.type}": ${problem}`)
}

/**
 * What of a grant a token request wants: all of it, or less.
 *
 * @returns what the access token gets
 * @throws OAuthError `invalid_authorization_details` for more than was granted. @see RFC 9396, section 6
 */
export async function narrowedDetails(
  params: Parameters,
  granted: readonly AuthorizationDetails[] | undefined,
  asking: DetailsAsking,
): Promise<WithDetails> {
  const { authorizationDetails: asked } = await requestedDetails(params, asking)
  if (!asked) return granted ? { authorizationDetails: granted } : {}
  const left = [...(granted ?? [])]
  for (const details of asked) {
    // Each granted object is good for one: a payment that was agreed to once does not become two.
    const found = left.findIndex((one) => isCovered(one, details, asking))
    if (found === -1) throw invalid('"authorization_details" asks for more than was granted')
    left.splice(found, 1)
  }
  return { authorizationDetails: asked }
}

function isCovered(granted: AuthorizationDetails, asked: AuthorizationDetails, { server }: DetailsAsking): boolean {
  if (granted.type !== asked.type) return false
  return (server.authorizationDetailsTypes[asked.type]?.covers ?? covers)(granted, asked)
}
