import { createError } from '@latchkey/core/internals'
import type { ServerWords } from './credentials.js'

// The texts of this package's errors, which load when an error happens.

/** Which endpoint, and its section of RFC 5849. */
export interface Endpoint {
  readonly name: string
  readonly spec: string
}

type OAuthClientError = ReturnType<typeof createError>

const CHECK_SET_UP =
  'Check consumer key, secret, signature method and callback URL at the provider, and the clock of this device.'

/** Each creates one error. */
export const problems = {
  unsupported: (what: string): OAuthClientError =>
    createError('unsupported', `OAuth 1.0a has no ${what}.`, {
      hint: 'Call fetch() or useAuthedFetch(), which sign; login() if the provider refuses the token; logout() to end the session.',
      spec: 'RFC 5849',
    }),
  missingOption: (name: string): OAuthClientError =>
    createError('configuration', `"${name}" is missing.`, { hint: 'Pass the URL from the documentation of the provider.' }),
  outOfBand: (): OAuthClientError =>
    createError('configuration', 'With "oob" no browser comes back.', {
      hint: 'Call temporaryCredentials(), show authorizationUrl(), and pass what the user has copied to tokenCredentials().',
      spec: 'RFC 5849, section 2.1',
    }),
  loginOption: (name: string): OAuthClientError =>
    createError('configuration', `login() of an OAuth 1.0a client has no option "${name}".`, {
      hint: 'Pass parameters that the provider defines in "params".',
    }),
  insecure: (origin: string): OAuthClientError =>
    createError('configuration', `PLAINTEXT would send the secrets over ${origin}.`, {
      hint: 'Use https or another signature method.',
      spec: 'RFC 5849, section 3.4.4',
    }),
  noToken: ({ name, spec }: Endpoint, status: number): OAuthClientError =>
    createError('invalid_response', `The ${name} responded without "oauth_token".`, {
      hint: 'Check the URL: expected is a form-encoded response with "oauth_token" and "oauth_token_secret".',
      spec,
      status,
    }),
  notConfirmed: (): OAuthClientError =>
    createError('invalid_response', 'The temporary credentials came without "oauth_callback_confirmed=true".', {
      hint: 'The provider implements OAuth 1.0 without the revision A, which allows session fixation.',
      spec: 'RFC 5849, section 2.1',
    }),
  noVerifier: (): OAuthClientError =>
    createError('missing_code', 'There is no "oauth_verifier".', {
      hint: 'The provider may implement OAuth 1.0 without the revision A, which allows session fixation.',
      spec: 'RFC 5849, section 2.3',
    }),
  otherCredentials: (): OAuthClientError =>
    createError('mismatching_state', 'The response is for other temporary credentials than this authorization.', {
      spec: 'RFC 5849, section 2.2',
    }),
  denied: (words: ServerWords): OAuthClientError =>
    createError('authorization_error', `The provider refused the access (${words.error}).`, words),
  refused({ name }: Endpoint, status: number, words: ServerWords): OAuthClientError {
    const description = words.errorDescription ? `: ${words.errorDescription}` : ''
    return createError('token_error', `The ${name} refused the request (${words.error ?? `status ${status}`}${description}).`, {
      ...words,
      hint: CHECK_SET_UP,
      spec: 'RFC 5849, section 3.2',
      status,
    })
  },
} as const
