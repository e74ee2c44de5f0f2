import { findToken, tokenInHeader, type PresentedToken, type TokenReader, type TokenSource } from '@latchkey/resource/internals'
import { readForm } from '../http/body.js'
import { OAuthError } from '../http/oauth-error.js'

const READER: TokenReader = { readForm, createError: (description) => new OAuthError('invalid_request', description) }

/**
 * Returns the access token in a request's Authorization header; undefined if there is none.
 *
 * @throws OAuthError `invalid_request` for a malformed header. @see RFC 6750, section 2.1; RFC 9449, section 7.1
 */
export function presentedToken(request: Request): PresentedToken | undefined {
  return tokenInHeader(request, READER)
}

/**
 * Returns the access token of a request; undefined if there is none.
 *
 * @throws OAuthError `invalid_request` for several tokens, or a malformed header. @see RFC 6750, section 2
 */
export function findPresentedToken(source: TokenSource): Promise<PresentedToken | undefined> {
  return findToken(source, READER)
}
