import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { refuseUnknownOptions } from '../errors/unknown-options.js'
import { clientCredentialsGrant } from './client-credentials-grant.js'
import { contextOf, type StandaloneClient } from './grant-subject.js'
import { GRANT_OPTIONS, type GrantRequestOptions } from './request-grant.js'
import { createTokenSession, TOKEN_SESSION_OPTIONS, type TokenSession, type TokenSessionOptions } from './token-session.js'

/**
 * Creates a client that acts for itself and requests a new token when the last one has expired.
 *
 * @see RFC 6749, section 4.4
 */
export function clientCredentialsSession(
  client: StandaloneClient,
  options: Omit<GrantRequestOptions, 'signal' | 'resources'> &
    TokenSessionOptions & { readonly indicators?: readonly string[] | undefined } = {},
): TokenSession {
  if (IS_DEVELOPMENT) {
    const { signal: _, ...names } = GRANT_OPTIONS
    refuseUnknownOptions('clientCredentialsSession()', options, { ...names, ...TOKEN_SESSION_OPTIONS, indicators: 'list' })
  }
  // In development, `contextOf` names what is wrong with the client.
  if (!IS_DEVELOPMENT) requireKind('clientCredentialsSession()', 'object', client)
  requireKind('clientCredentialsSession()', 'object', options)
  const { resources, leeway, onTokenSet, indicators, ...grant } = options
  return createTokenSession(
    contextOf(client),
    (signal) => clientCredentialsGrant(client, { ...grant, resources: indicators, signal }),
    { resources, leeway, onTokenSet },
  )
}
