import type { ClientParts } from './client-parts.js'
import { protocolInternalsOf, registerInternals } from '../protocol/client-registry.js'
import type { OAuthClient } from './client.js'

export function registerParts(client: object, parts: ClientParts): void {
  registerInternals(client, parts)
}

/**
 * For functions over a client (grants, the halves of a sign-in): they need more of it than its public face.
 *
 * @throws ConfigurationError for an object that `createOAuthClient` did not make
 */
export function partsOf(client: Pick<OAuthClient<never>, 'options'>): ClientParts {
  // `registerParts` is the only writer.
  return protocolInternalsOf(client) as ClientParts
}
