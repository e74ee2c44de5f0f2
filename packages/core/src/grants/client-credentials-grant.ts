import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { refuseUnknownOptions } from '../errors/unknown-options.js'
import { createError } from '../errors/create-error.js'
import type { TokenSet } from '../protocol/token-set.js'
import { contextOf, type GrantSubject, withTypedErrors } from './grant-subject.js'
import { GRANT_OPTIONS, type GrantRequestOptions, requestGrant } from './request-grant.js'

/**
 * Requests a token for the client itself, without a user. The response has no refresh token: send the request again, or use
 * {@link clientCredentialsSession}. For servers only: a page cannot keep the secret that identifies the client.
 *
 * @throws ConfigurationError for a client without authentication; ServerError token_error; NetworkError; ValidationError
 * @see RFC 6749, section 4.4
 */
export function clientCredentialsGrant(subject: GrantSubject, options: GrantRequestOptions = {}): Promise<TokenSet> {
  return withTypedErrors(() => requestClientToken(subject, options), subject)
}

async function requestClientToken(subject: GrantSubject, options: GrantRequestOptions): Promise<TokenSet> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('clientCredentialsGrant()', options, GRANT_OPTIONS)
  const context = contextOf(subject)
  const { clientAuth = 'none' } = context.options
  if ((options.clientAuth ?? clientAuth) === 'none') {
    throw createError('configuration', 'The client credentials grant needs a client that authenticates.', {
      hint: 'Pass "clientAuth". A secret can be kept on a server, not in a page.',
      spec: 'RFC 6749, section 4.4',
    })
  }
  const { refreshToken: _, ...tokenSet } = await requestGrant(context, {
    ...options,
    grantType: 'client_credentials',
    parameters: {},
    secrets: [],
  })
  return tokenSet
}
