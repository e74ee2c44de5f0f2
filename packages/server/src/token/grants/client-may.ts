import { orderedResponseType } from '../../authorize/response-type.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-record.js'

/** Tells whether a client is public, as in RFC 6749, section 2.1. */
export function isPublic(client: ClientRecord): boolean {
  return authMethod(client) === 'none'
}

/** Returns the client's `token_endpoint_auth_method`: `none` for a client without credentials. */
export function authMethod(client: ClientRecord): string {
  return client.tokenEndpointAuthMethod ?? (client.clientSecret === undefined ? 'none' : 'client_secret_basic')
}

/** A client that registered grant types may use no other. @see RFC 6749, section 5.2; RFC 7591, section 2 */
export function checkGrantType(client: ClientRecord, grantType: string): void {
  if (client.grantTypes === undefined || client.grantTypes.includes(grantType)) return
  throw new OAuthError('unauthorized_client', 'this client may not use this grant type')
}

/**
 * A client that registered response types may use no other. A client whose tokens are bound to keys gets none on the front channel,
 * where no proof is possible. @see RFC 6749, section 4.1.2.1; RFC 9449, section 5.2
 */
export function checkResponseTypeOfClient({ responseTypes, dpopBoundAccessTokens }: ClientRecord, responseType: string): void {
  const requested = orderedResponseType(responseType)
  const isRegistered = responseTypes?.some((registered) => orderedResponseType(registered) === requested) ?? true
  const isBearer = dpopBoundAccessTokens && requested.split(' ').includes('token')
  if (!isRegistered || isBearer) throw new OAuthError('unauthorized_client', 'this client may not use this response type')
}
