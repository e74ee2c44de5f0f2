import { clientCredentialsGrant } from './client-credentials-grant.js'
import { contextOf, type StandaloneClient } from './grant-subject.js'
import type { GrantOptions } from './request-grant.js'
import { createTokenSession, type TokenSession, type TokenSessionOptions } from './token-session.js'

/**
 * Creates a client that acts for itself and requests a new token when the last one has expired.
 *
 * @see RFC 6749, section 4.4
 */
export function clientCredentialsSession(
  client: StandaloneClient,
  options: Omit<GrantOptions, 'signal' | 'resources'> &
    TokenSessionOptions & { readonly indicators?: readonly string[] | undefined } = {},
): TokenSession {
  const { resources, leeway, onTokenSet, indicators, ...grant } = options
  return createTokenSession(
    contextOf(client),
    (signal) => clientCredentialsGrant(client, { ...grant, resources: indicators, signal }),
    { resources, leeway, onTokenSet },
  )
}
