import { orderedResponseType } from '../../authorize/response-type.js'
import { OAuthError } from '../../http/oauth-error.js'
import { words } from '../../token/scope.js'
import type { ProposedClient } from '../client-metadata-members.js'
import type { FeatureServer } from '../feature.js'
import { isTextList } from '../is-text-list.js'
import { withoutUndefined } from '../../options/without-undefined.js'

/** What a client may register; an absent limit allows what the server supports. */
export interface RegistrationLimits {
  readonly grantTypes?: readonly string[] | undefined
  readonly responseTypes?: readonly string[] | undefined
  readonly scopes?: readonly string[] | undefined
  readonly claims?: readonly string[] | undefined
  readonly resources?: readonly string[] | undefined
  readonly authorizationDetailsTypes?: readonly string[] | undefined
  /** Whether it may inspect the tokens of other clients, as a resource server does. */
  readonly introspection?: boolean | undefined
  /** Names that it must not look like. */
  readonly reservedNames?: readonly string[] | undefined
}

/** Limits of who may register, and with which metadata. */
export interface RegistrationPolicy extends RegistrationLimits {
  readonly initialAccessToken?: string | undefined
}

/** For clients that anyone has registered: what the user decides about, and nothing beside it. */
const STRANGER: RegistrationLimits = {
  // A refresh token is issued with a code alone.
  grantTypes: ['authorization_code', 'refresh_token'],
  responseTypes: ['code'],
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  // Beside those of the scope names.
  claims: [],
  resources: [],
  authorizationDetailsTypes: [],
  introspection: false,
}

/** Returns the limits of a client: those of the options, and for strangers safe defaults. */
export function limitsOf(options: RegistrationLimits, isStranger: boolean): RegistrationLimits {
  return { ...(isStranger && STRANGER), ...withoutUndefined(options) }
}

/**
 * Returns the metadata with no more scope than allowed, which a server may replace (RFC 7591, section 3.2.1).
 *
 * @throws OAuthError `invalid_client_metadata` for another grant type or response type, or if no scope name is left
 */
export function limitMetadata(client: ProposedClient, limits: RegistrationLimits, known: readonly string[]): ProposedClient {
  const { grantTypes, responseTypes, scope } = client
  const { scopes, claims, resources, authorizationDetailsTypes: types } = limits
  checkList('authorization_details_types', client['authorizationDetailsTypes'], types)
  checkList('grant_types', grantTypes, limits.grantTypes)
  const allowed = limits.responseTypes?.map(orderedResponseType)
  checkList('response_types', isTextList(responseTypes) ? responseTypes.map(orderedResponseType) : responseTypes, allowed)
  return {
    ...client,
    ...(scopes && { scope: limitScope(scope, scopes, known) }),
    ...(claims && { claims }),
    ...(resources && { resources }),
    // A client that names no types may use those that are allowed (RFC 9396, section 10).
    ...(types && types.length > 0 && { authorizationDetailsTypes: client['authorizationDetailsTypes'] ?? types }),
  }
}

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

/**
 * Returns the metadata without grant types that this server does not have, and without device codes where they are not allowed: ordinary
 * clients name them beside the code grant, and use what they get. @see RFC 7591, section 3.2.1
 */
export function withKnownGrants(
  client: ProposedClient,
  { grantTypes: allowed }: RegistrationLimits,
  { grants }: Pick<FeatureServer, 'grants'>,
): ProposedClient {
  const { grantTypes } = client
  if (!isTextList(grantTypes) || !grantTypes.includes('authorization_code')) return client
  const isKnown = (type: string): boolean => grants.some((grant) => grant.grantType === type)
  const isUsed = (type: string): boolean => type !== DEVICE_CODE || allowed === undefined || allowed.includes(type)
  return { ...client, grantTypes: grantTypes.filter((type) => isKnown(type) && isUsed(type)) }
}

function limitScope(requested: unknown, scopes: readonly string[], known: readonly string[]): string {
  if (typeof requested !== 'string') return scopes.join(' ')
  const granted = words(requested).filter((name) => scopes.includes(name))
  if (granted.length > 0) return granted.join(' ')
  // Names of another server, which ordinary clients send unasked.
  if (!words(requested).some((name) => known.includes(name))) return scopes.join(' ')
  throw new OAuthError('invalid_client_metadata', `"scope" may have these names: ${scopes.join(' ')}`)
}

function checkList(name: string, values: unknown, allowed: readonly string[] | undefined): void {
  if (!allowed || !isTextList(values) || values.every((value) => allowed.includes(value))) return
  throw new OAuthError('invalid_client_metadata', `"${name}" may contain: ${allowed.join(', ')}`)
}
