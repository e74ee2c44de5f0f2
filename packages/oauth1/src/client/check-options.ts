import { type OptionNames, refuseUnknownOptions } from '@latchkey/core'
import { createError, secureUrlOption } from '@latchkey/core/internals'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import { OUT_OF_BAND } from './resolve-options.js'

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

const HINT = 'Pass the URL from the documentation of the provider.'

/**
 * Refuses options that are misspelled or cannot work. Called in development only: a production build has no list of names.
 *
 * @throws ConfigurationError configuration
 */
export function checkOAuth1Options(options: OAuth1ClientOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw createError('configuration', 'createOAuth1Client() needs an object with options.', {
      hint: 'Pass at least { consumerKey }.',
    })
  }

  refuseUnknownOptions('createOAuth1Client()', options, OPTIONS)
  checkClient(options)
  for (const name of ADDRESSES) if (options[name] !== undefined) secureUrlOption(options[name], `"${name}"`, options)
  const { signatureMethod, privateKey, realm, token } = options
  if (typeof signatureMethod === 'string' && signatureMethod.startsWith('RSA') && !privateKey)
    throw createError('configuration', `${signatureMethod} needs "privateKey".`, { hint: 'Pass the private key of this app.' })

  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (realm !== undefined && /["\\\u0000-\u001f\u007f]/.test(realm)) {
    throw createError('configuration', '"realm" has a quote, a backslash or a control character.', {
      spec: 'RFC 5849, section 3.5.1',
    })
  }
  checkSecrets(options)
  if (token && !token.token) {
    throw createError('missing_token', '"token" of the options has no "token".', {
      hint: 'Pass { token, tokenSecret }, or null to sign with the client only.',
    })
  }
}

/** Without them, each request would be refused later, with no hint. */
function checkSecrets(options: OAuth1ClientOptions): void {
  const { signatureMethod = 'HMAC-SHA1', token, timeout } = options
  const needsSecret = typeof signatureMethod === 'string' && !signatureMethod.startsWith('RSA')
  if (needsSecret && 'consumerSecret' in options && options.consumerSecret === undefined) {
    throw createError('configuration', `"consumerSecret" is undefined, and ${signatureMethod} signs with it.`, {
      hint: 'Check the environment variable that it comes from. Pass an empty text if the provider has issued none.',
    })
  }
  if (token?.token && typeof token.tokenSecret !== 'string') {
    throw createError('configuration', '"token" of the options has no "tokenSecret".', {
      hint: 'Pass { token, tokenSecret }, with an empty text if the provider has issued none.',
    })
  }
  if (timeout !== undefined && !(timeout > 0))
    throw createError('configuration', `"timeout" is ${timeout}: expected seconds above 0.`, { hint: 'Omit it for 30 seconds.' })
}

function checkClient({ consumerKey, callbackUrl, environment }: OAuth1ClientOptions): void {
  if (!consumerKey) {
    throw createError('configuration', '"consumerKey" is missing.', {
      hint: 'Copy it from the settings of the app at the provider.',
    })
  }
  // Resolved against the page, as far as there is one.
  const page = environment?.window ?? (globalThis as Partial<Pick<typeof globalThis, 'window'>>).window
  const base = page?.document.baseURI ?? (callbackUrl?.startsWith('/') ? 'https://app.example/' : undefined)
  if (callbackUrl === undefined || callbackUrl === OUT_OF_BAND || URL.canParse(callbackUrl, base)) return
  throw createError(
    'configuration',
    `"callbackUrl" is ${JSON.stringify(callbackUrl)}: expected an absolute URL, a path or "oob".`,
    {
      hint: 'Pass the URL of this app to which the provider redirects, or "oob" if the user copies a verifier.',
    },
  )
}

/**
 * Refuses an authorization without its parts, in development only.
 *
 * @throws ConfigurationError configuration; SessionError missing_token
 */
export function checkAuthorization(address: string | undefined, token: unknown): void {
  if (!address) throw createError('configuration', '"authorizationUrl" is missing.', { hint: HINT })
  if (typeof token !== 'string' || !token) {
    throw createError('missing_token', 'authorizationUrl() needs temporary credentials.', {
      hint: 'Pass what temporaryCredentials() returned.',
    })
  }
}
