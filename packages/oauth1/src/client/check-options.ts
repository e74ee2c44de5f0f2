import { type OptionNames, refuseUnknownOptions } from '@latchkey/core'
import { createError, secureUrl } from '@latchkey/core/internals'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

const OPTIONS: OptionNames<OAuth1ClientOptions> = {
  consumerKey: 'string',
  consumerSecret: 'string',
  privateKey: 'string | object',
  signatureMethod: "'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1' | 'RSA-SHA256' | 'PLAINTEXT' | object",
  placement: "'header' | 'body' | 'query'",
  realm: 'string',
  bodyHash: 'boolean',
  temporaryCredentialsUrl: 'string',
  authorizationUrl: 'string',
  tokenCredentialsUrl: 'string',
  callbackUrl: 'string',
  callbackState: 'boolean',
  name: 'string',
  resources: 'list',
  proxy: 'function',
  token: 'object',
  userInfo: 'function',
  claims: 'object | function',
  onTokenSet: 'function',
  transport: "'redirect' | 'popup' | object",
  storage: 'object',
  timeout: 'number',
  allowPlainHttp: 'boolean',
  fetch: 'function',
  now: 'function',
  logger: 'object',
  environment: 'object',
}

const ADDRESSES = ['temporaryCredentialsUrl', 'authorizationUrl', 'tokenCredentialsUrl'] as const

/**
 * Refuses options that are misspelled or cannot work. Called in development only: a production build has no list of names.
 *
 * @throws ConfigurationError configuration
 */
export function checkOAuth1Options(options: OAuth1ClientOptions): void {
  refuseUnknownOptions('createOAuth1Client()', options ?? {}, OPTIONS)
  for (const name of ADDRESSES) if (options[name] !== undefined) secureUrl(options[name], `"${name}"`, { options })
  const { signatureMethod, privateKey, realm, token } = options
  if (typeof signatureMethod === 'string' && signatureMethod.startsWith('RSA') && !privateKey)
    throw createError('configuration', `${signatureMethod} needs "privateKey".`, { hint: 'Pass the private key of this app.' })

  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (realm !== undefined && /["\\\u0000-\u001f\u007f]/.test(realm)) {
    throw createError('configuration', '"realm" has a quote, a backslash or a control character.', {
      spec: 'RFC 5849, section 3.5.1',
    })
  }
  if (token && !token.token) {
    throw createError('missing_token', '"token" of the options has no "token".', {
      hint: 'Pass { token, tokenSecret }, or null to sign with the client only.',
    })
  }
}
