import type { RegistryEntry, UserClaims } from '@latchkey/core'
import { createOAuth1Client } from './create-oauth1-client.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

/** Options of {@link oauth1Entry}. */
export interface OAuth1EntryOptions<Claims = UserClaims> extends OAuth1ClientOptions<Claims> {
  /** Base of relative URLs. Signed requests may be sent there without a further entry in `resources`. */
  readonly apiBaseUrl?: string | undefined
}

/**
 * Creates an entry of `createOAuthRegistry` for a provider with OAuth 1.0a.
 *
 * @example
 * const registry = createOAuthRegistry({
 *   github: { ...github, clientId: '…' },
 *   discogs: oauth1Entry({ consumerKey: '…', …, apiBaseUrl: 'https://api.discogs.com/' }),
 * })
 * await registry.discogs.get('oauth/identity')
 */
export function oauth1Entry<Claims = UserClaims>({ apiBaseUrl, ...options }: OAuth1EntryOptions<Claims>): RegistryEntry<Claims> {
  const { consumerKey: clientId, onTokenSet, resources } = options
  return {
    clientId,
    apiBaseUrl,
    onTokenSet,
    resources,
    createClient: (shared) => createOAuth1Client({ ...options, ...shared }),
  }
}
