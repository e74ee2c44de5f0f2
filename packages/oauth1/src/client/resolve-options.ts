import type { ClientOptions } from '@latchkey/core'
import { type ClientConfig, resolveOptions } from '@latchkey/core/internals'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

/** The options, checked once, and what follows from them. */
export interface OAuth1Config {
  readonly options: OAuth1ClientOptions
  /** The part that every client of this library has, without secrets. */
  readonly base: ClientConfig
}

/** The callback of a user who copies the verifier. @see RFC 5849, section 2.1 */
export const OUT_OF_BAND = 'oob'

/** @throws ConfigurationError for options that are missing or contradict each other */
export function resolveOAuth1Options(options: OAuth1ClientOptions): OAuth1Config {
  // Secrets are taken out: `client.options` is shown by loggers and developer tools.
  const { consumerKey, consumerSecret: _secret, privateKey: _key, token: _token, callbackUrl, name = '', ...rest } = options
  const base = resolveOptions({
    ...(rest as Partial<ClientOptions>),
    issuer: options.tokenCredentialsUrl ?? 'oauth1:',
    clientId: consumerKey,
    // A client of OAuth 2 may have the same provider and name: the stored sessions are apart.
    name: `oauth1 ${name}`,
    redirectUri: callbackUrl === OUT_OF_BAND ? undefined : callbackUrl,
  })
  return { options, base }
}
