import { createError } from '../errors/create-error.js'
import type { ClientParts } from './client-parts.js'
import type { OAuthClient } from './client.js'

const registry = new WeakMap<object, ClientParts>()

export function registerParts(client: object, parts: ClientParts): void {
  registry.set(client, parts)
}

/**
 * For functions over a client (grants, the halves of a sign-in): they need more of it than its public face.
 *
 * @throws ConfigurationError for an object that `createOAuthClient` did not make
 */
export function partsOf(client: Pick<OAuthClient<never>, 'options'>): ClientParts {
  const parts = registry.get(client)
  if (!parts)
    throw createError('configuration', 'this function needs a client made by createOAuthClient()', {
      hint: 'Pass the client itself, not a copy of it, and load @latchkey/core once.',
    })
  return parts
}
