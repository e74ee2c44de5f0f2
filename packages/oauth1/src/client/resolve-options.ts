import type { ClientOptions, Environment, Logger } from '@latchkey/core'
import { type ClientConfig, createError, resolveOptions, warningLogger } from '@latchkey/core/internals'
import type { SignatureKeys } from '../signature/signature-method.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

/** The options, checked once, and what follows from them. */
export interface OAuth1Config {
  readonly options: OAuth1ClientOptions
  /** The part that every client of this library has. */
  readonly base: ClientConfig
  readonly environment: Environment
  readonly logger: Logger
  /** The secret and key of the client. */
  readonly keys: SignatureKeys
  /** Absolute, or `oob`. Undefined outside a page if the option is omitted. */
  readonly callbackUrl: string | undefined
}

/** The callback of a user who copies the verifier. @see RFC 5849, section 2.1 */
export const OUT_OF_BAND = 'oob'

/** @throws ConfigurationError for options that are missing or contradict each other */
export function resolveOAuth1Options(options: OAuth1ClientOptions): OAuth1Config {
  const { consumerKey, callbackUrl, consumerSecret: clientSecret, privateKey } = options
  if (!consumerKey) throw createError('configuration', '"consumerKey" is missing.')
  const base = resolveOptions(baseOptions(options))
  const { environment } = base
  return {
    options,
    base,
    environment,
    logger: options.logger ?? warningLogger,
    keys: { clientSecret, privateKey },
    callbackUrl: callbackUrl === OUT_OF_BAND ? OUT_OF_BAND : base.redirectUri,
  }
}

/** The options in the words of every other client. */
function baseOptions(options: OAuth1ClientOptions): ClientOptions {
  const { consumerKey: clientId, callbackUrl, name = '', tokenCredentialsUrl = 'https://localhost', ...rest } = options
  const { origin } = new URL(tokenCredentialsUrl)
  return {
    ...(rest as Partial<ClientOptions>),
    issuer: origin,
    clientId,
    // A client of OAuth 2 may have the same provider and name: the stored sessions are apart.
    name: `oauth1 ${name}`,
    redirectUri: callbackUrl === OUT_OF_BAND ? undefined : callbackUrl,
  }
}
