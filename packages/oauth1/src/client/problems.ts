import { percentEncode } from '../signature/percent-encode.js'
import { createError, type Purpose, serverWords, unavailable } from '@latchkey/core/internals'
import { NO_STATE } from './callback-url.js'

// The texts of this package's errors, which load when an error happens.

type OAuthClientError = ReturnType<typeof createError>

const CHECK_SET_UP =
  'Check consumer key, secret, signature method and callback URL at the provider, and the clock of this device.'

const CHECK_VERIFIER =
  'A verifier is compared exactly and works once: after a typing error, start again with temporaryCredentials() or login().'

/** Each creates one error. */
export const problems = {
  unsupported: (what: string): OAuthClientError =>
    createError('unsupported', `OAuth 1.0a has no ${what}.`, {
      hint: 'Call fetch() or useAuthedFetch(), which sign; login() if the provider refuses the token; logout() to end the session.',
      spec: 'RFC 5849',
    }),
  missingOption: (name: string): OAuthClientError =>
    createError('configuration', `"${name}" is missing.`, {
      hint:
        name === 'callbackUrl'
          ? 'Pass the URL of this app to which the provider redirects, or "oob" if the user copies a verifier.'
          : 'Pass the URL from the documentation of the provider.',
    }),
  noCredentials: (): OAuthClientError =>
    createError('missing_token', 'There are no temporary credentials.', {
      hint: 'Pass what temporaryCredentials() returned.',
      spec: 'RFC 5849, section 2.3',
    }),
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
  notConfirmed: (): OAuthClientError =>
    createError('invalid_response', 'The temporary credentials came without "oauth_callback_confirmed=true".', {
      hint: 'The provider implements OAuth 1.0 without the revision A, which allows session fixation.',
      spec: 'RFC 5849, section 2.1',
    }),
  noVerifier: (): OAuthClientError =>
    createError('missing_code', 'There is no "oauth_verifier".', {
      hint: 'Pass what the user has copied. If a callback has none, the provider may implement OAuth 1.0 without the revision A, which allows session fixation.',
      spec: 'RFC 5849, section 2.3',
    }),
  otherCredentials: (): OAuthClientError =>
    createError('mismatching_state', 'The response is for other temporary credentials than this authorization.', {
      spec: 'RFC 5849, section 2.2',
    }),
  noState: (): OAuthClientError =>
    createError('mismatching_state', 'The provider has dropped the "state" of the callback URL.', {
      hint: 'It ignores "oauth_callback", or its query. If it redirects to a registered URL, set the option "callbackState" to false.',
      spec: 'RFC 5849, section 2.2',
    }),
  denied(code: string, { searchParams }: URL): OAuthClientError {
    if (code === NO_STATE) return problems.noState()
    const words = serverWords((name) => (name === 'error' ? code : searchParams.get(name)))
    return createError('authorization_error', `The provider refused the access (${words.error}).`, words)
  },
  refused(
    purpose: Purpose,
    response: Response,
    values: Readonly<Record<string, string>>,
    secrets: ReadonlyArray<string | undefined>,
  ): OAuthClientError {
    const { status, ok } = response
    if (ok) return noToken(purpose, status)
    const verifier = secrets.at(-1) ?? ''
    // PLAINTEXT and base strings have them encoded. A verifier may be as short as a PIN.
    const known = secrets.filter((secret) => secret !== undefined).flatMap((secret) => [secret, percentEncode(secret)])
    const read = (name: string): string | undefined => values[name] ?? (name === 'error' ? values['oauth_problem'] : undefined)
    const hide = (text: string | undefined) => (verifier.length > 3 ? text?.replaceAll(verifier, '…') : text)
    const words = serverWords((name) => hide(read(name)), known)
    if (status === 429 || status > 499) return unavailable(purpose, response, words)
    const description = words.errorDescription ? `: ${words.errorDescription}` : ''
    const seen = `The ${purpose.name} refused the request (${words.error ?? `status ${status}`}${description}).`
    const hint = verifier ? `${CHECK_VERIFIER} ${CHECK_SET_UP}` : CHECK_SET_UP
    return createError('token_error', seen, { ...words, hint, spec: 'RFC 5849, section 3.2', status })
  },
} as const

function noToken({ name, spec }: Purpose, status: number): OAuthClientError {
  return createError('invalid_response', `The ${name} responded without "oauth_token".`, {
    hint: 'Check the URL: expected is a form-encoded response with "oauth_token" and "oauth_token_secret".',
    spec,
    status,
  })
}
