import { OAuthError } from '../http/oauth-error.js'

/**
 * A grant that is bound to a key is only valid with a proof by that key.
 *
 * @param bound thumbprint of the grant's key; undefined if it is not bound
 * @param presented thumbprint of the key of the request's DPoP proof
 * @throws OAuthError `invalid_grant`. @see RFC 9449, sections 5 and 10
 */
export function checkBoundKey(bound: string | undefined, presented: string | undefined): void {
  if (bound !== undefined && bound !== presented)
    throw new OAuthError('invalid_grant', 'the grant is bound to the key of another DPoP proof')
}
