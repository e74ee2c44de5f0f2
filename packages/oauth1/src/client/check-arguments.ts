import { createError } from '@latchkey/core/internals'
import type { Credentials } from './credentials.js'
import { OUT_OF_BAND } from './resolve-options.js'

// Apart from the checks of the options, so that a bundler drops both from a production build.

/**
 * Refuses temporary credentials without a secret, in development only.
 *
 * @throws SessionError missing_token
 */
export function checkCredentials(credentials: Partial<Credentials> | undefined): void {
  const { token, tokenSecret } = credentials ?? {}
  if (!token || typeof tokenSecret === 'string') return
  throw createError('missing_token', 'The temporary credentials have no "tokenSecret".', {
    hint: 'Pass what temporaryCredentials() returned, with both members.',
    spec: 'RFC 5849, section 2.3',
  })
}

/**
 * Refuses a callback URL that would be signed and sent, in development only.
 *
 * @throws ConfigurationError configuration
 */
export function checkCallback(callbackUrl: unknown): void {
  if (!callbackUrl || callbackUrl === OUT_OF_BAND) return
  const isUrl = typeof callbackUrl === 'string' && URL.canParse(callbackUrl)
  if (isUrl && !/^(?:javascript|data|vbscript|blob):/.test(new URL(callbackUrl).protocol)) return
  throw createError('configuration', `"callbackUrl" is ${JSON.stringify(callbackUrl)}: expected an absolute URL or "oob".`, {
    hint: 'Pass the URL of this app to which the provider redirects, or "oob" if the user copies a verifier.',
  })
}
