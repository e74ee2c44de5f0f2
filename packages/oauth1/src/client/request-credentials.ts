import { sendToEndpoint } from '@latchkey/core/internals'
import type { Credentials, ReceivedCredentials } from './credentials.js'
import { loadRareCalls } from './lazy-rare.js'
import { problem } from './load-problems.js'
import type { OAuth1Config } from './resolve-options.js'
import { refuse, sign } from './sign.js'

/** One request for credentials. */
export interface CredentialsRequest {
  readonly url: string | undefined
  /** Name of the option with the URL. */
  readonly option: string
  /** Of the endpoint. */
  readonly name: string
  /** Of the endpoint, in RFC 5849. */
  readonly spec: string
  /** Signs the request in addition to the client's own. */
  readonly credentials?: Credentials | undefined
  /** `oauth_callback` or `oauth_verifier`. */
  readonly parameters: Readonly<Record<string, string>>
  /** Sent as a form body, and signed. */
  readonly form?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Sends a signed request for credentials, without cookies and without following redirects.
 *
 * @throws ServerError token_error; ValidationError invalid_response; NetworkError; ConfigurationError without a URL
 */
export async function requestCredentials(config: OAuth1Config, request: CredentialsRequest): Promise<ReceivedCredentials> {
  const { proxy, consumerSecret } = config.options
  const { url, option, name, spec, form, credentials, signal, parameters } = request
  if (!url) throw await problem('missingOption', option)
  const purpose = { name, spec, invalid: 'invalid_response', refused: 'token_error' } as const
  const prepare = [
    (unsigned: Request) => sign(config, unsigned, credentials, parameters),
    proxy && (async (signed: Request) => (await loadRareCalls()).throughProxy(config.options, signed).catch(refuse)),
  ]
  const init = { method: 'POST', ...(form && { body: new URLSearchParams(form) }) }
  const response = await sendToEndpoint(config, url, init, { purpose, signal, prepare })
  const text = await response.text()
  // RFC 5849 requires a form.
  const received = new URLSearchParams(text.trim())
  const values = /^\s*\{/.test(text) ? (await loadRareCalls()).readJson(text) : Object.fromEntries(received)
  const { oauth_token: token, oauth_token_secret: tokenSecret } = values
  const isSingle = received.getAll('oauth_token').length < 2
  if (response.ok && token && tokenSecret !== undefined && isSingle) return { token, tokenSecret, response: values }
  throw await problem('refused', purpose, response, values, [
    consumerSecret,
    credentials?.token,
    credentials?.tokenSecret,
    parameters['oauth_verifier'],
  ])
}
