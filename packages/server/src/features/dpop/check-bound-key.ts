import { OAuthError } from '../../http/oauth-error.js'

/**
 * What was bound to a key is only for who holds the key.
 *
 * @param bound thumbprint of the key; undefined for what anybody may use
 * @param shown thumbprint of the key of the request's DPoP proof
 * @throws OAuthError `invalid_grant`. @see RFC 9449, sections 5 and 10
 */
export function checkBoundKey(bound: string | undefined, shown: string | undefined): void {
  if (bound !== undefined && bound !== shown)
    throw new OAuthError('invalid_grant', 'the grant is bound to the key of another DPoP proof')
}
