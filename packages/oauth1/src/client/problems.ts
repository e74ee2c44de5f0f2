import { OAuthClientError } from '@latchkey/core'
import { createError, explain, type Purpose, serverWords, unavailable } from '@latchkey/core/internals'
import { percentEncode } from '../signature/percent-encode.js'
import { NO_STATE } from './callback-url.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import { type OAuth1Config, OUT_OF_BAND } from './resolve-options.js'

// The texts of this package's errors, which load when an error happens.

const CHECK_SET_UP =
  'Check consumer key, secret, signature method and callback URL at the provider, and the clock of this device.'

const CHECK_VERIFIER =
  'A verifier is compared exactly and works once: after a typing error, start again with temporaryCredentials() or login().'

/** Names an endpoint. */
export type EndpointPurpose = Pick<Purpose, 'name' | 'spec' | 'invalid'>

/** What a request was made of. */
export interface SentSecrets {
  readonly consumerSecret?: string | undefined
  readonly token?: unknown
  readonly tokenSecret?: string | undefined
  readonly oauth_verifier?: string | undefined
}

/** Each creates one error. */
export const problems = {
  unsupported: (): OAuthClientError =>
    createError('unsupported', 'OAuth 1.0a has no refresh, revocation or introspection, and no token without a signature.', {
      hint: 'Call fetch() or useAuthedFetch(), which sign; login() if the provider refuses the token; logout() to end the session.',
      spec: 'RFC 5849',
    }),
  missing: (name: string): OAuthClientError =>
    createError('configuration', `"${name}" is missing.`, {
      hint:
        name === 'callbackUrl'
          ? 'Pass the URL of this app to which the provider redirects, or "oob" if the user copies a verifier.'
          : 'Pass the URL from the documentation of the provider.',
    }),
  /** @param given the options of `login()` that do not exist */
  noLogin({ callbackUrl }: OAuth1ClientOptions, given: Readonly<Record<string, unknown>>): OAuthClientError {
    const option = Object.keys(given).find((name) => given[name] !== undefined)
    if (option !== undefined) {
      return createError('configuration', `login() of an OAuth 1.0a client has no option "${option}".`, {
        hint: 'Pass parameters that the provider defines in "params".',
      })
    }
    if (callbackUrl !== OUT_OF_BAND) return problems.missing('authorizationUrl')
    return createError('configuration', 'With "oob" no browser comes back.', {
      hint: 'Call temporaryCredentials(), show authorizationUrl(), and pass what the user has copied to tokenCredentials().',
      spec: 'RFC 5849, section 2.1',
    })
  },
  /** What goes wrong before a request is sent is the app's own. */
  unsigned(cause: unknown): Promise<OAuthClientError> {
    if (cause instanceof OAuthClientError) return explain(cause)
    // The text of another error may quote a key.
    const seen = cause instanceof TypeError ? cause.message : 'The request could not be signed.'
    return explain(createError('configuration', seen, { cause }))
  },
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
  noCredentials: (): OAuthClientError =>
    createError('missing_token', 'There are no temporary credentials.', {
      hint: 'Pass what temporaryCredentials() returned.',
      spec: 'RFC 5849, section 2.3',
    }),
  noVerifier: (): OAuthClientError =>
    createError('missing_code', 'There is no "oauth_verifier".', {
      hint: 'Pass what the user has copied. If a callback has none, the provider may implement OAuth 1.0 without the revision A, which allows session fixation.',
      spec: 'RFC 5849, section 2.3',
    }),
  /** A response that no authorization waits for. */
  unknown: ({ options }: OAuth1Config, { searchParams }: URL): OAuthClientError =>
    searchParams.has('oauth_token') && !searchParams.has('state') && options.callbackState !== false
      ? problems.noState()
      : createError('mismatching_state'),
  noState: (): OAuthClientError =>
    createError('mismatching_state', 'The provider has dropped the "state" of the callback URL.', {
      hint: 'It ignores "oauth_callback", or its query. If it redirects to a registered URL, set the option "callbackState" to false.',
      spec: 'RFC 5849, section 2.2',
    }),
  /** @param code true for a response to another request */
  denied({ searchParams }: URL, code: string | true): OAuthClientError {
    if (code === true) {
      return createError('mismatching_state', 'The response is for other temporary credentials than this authorization.', {
        spec: 'RFC 5849, section 2.2',
      })
    }

    if (code === NO_STATE) return problems.noState()
    const words = serverWords((name) => (name === 'error' ? code : searchParams.get(name)))
    return createError('authorization_error', `The provider refused the access (${words.error}).`, words)
  },
  /** @param values of the response */
  refused(
    purpose: EndpointPurpose,
    response: Response,
    values: Readonly<Record<string, string>>,
    secrets: SentSecrets,
  ): OAuthClientError {
    const { status, ok } = response
    if (ok) return noToken(purpose, status)
    const { consumerSecret, token, tokenSecret, oauth_verifier: verifier = '' } = secrets
    const all = [consumerSecret, token, tokenSecret, verifier].filter((secret) => typeof secret === 'string')
    // PLAINTEXT and base strings have them encoded. A verifier may be as short as a PIN.
    const known = all.flatMap((secret) => [secret, percentEncode(secret)])
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

/** @see problems */
export type Problems = typeof problems

function noToken({ name, spec }: EndpointPurpose, status: number): OAuthClientError {
  return createError('invalid_response', `The ${name} responded without "oauth_token".`, {
    hint: 'Check the URL: expected is a form-encoded response with "oauth_token" and "oauth_token_secret", each of them once.',
    spec,
    status,
  })
}
