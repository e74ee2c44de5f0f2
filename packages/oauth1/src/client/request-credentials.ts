import { sendToEndpoint, warningLogger } from '@latchkey/core/internals'
import { percentEncode } from '../signature/percent-encode.js'
import type { Credentials, ReceivedCredentials } from './credentials.js'
import { loadRareCalls } from './lazy-rare.js'
import { problem } from './load-problems.js'
import { proxied } from './proxied.js'
import type { OAuth1Config } from './resolve-options.js'
import { sign } from './sign.js'

/** One request for credentials. */
export interface CredentialsRequest {
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
export async function requestCredentials(
  config: OAuth1Config,
  kind: 'temporary' | 'token',
  { form, credentials, signal, parameters }: CredentialsRequest,
): Promise<ReceivedCredentials> {
  const { options } = config
  const option = `${kind}CredentialsUrl` as const
  const url = options[option]
  if (!url) throw await problem('missingOption', option)
  const purpose = {
    name: `${kind} credential endpoint`,
    spec: 'RFC 5849, section 2',
    invalid: 'invalid_response',
    refused: 'token_error',
  } as const
  const context = { environment: proxied(config), logger: options.logger ?? warningLogger, options }
  const prepare = [(request: Request) => sign(config, request, credentials, parameters)]
  const init = { method: 'POST', body: form && new URLSearchParams(form) }
  const response = await sendToEndpoint(context, url, init, { purpose, signal, prepare })
  const text = (await response.text()).trim()
  // RFC 5849 requires a form.
  const received = text.startsWith('{') ? (await loadRareCalls()).readJson(text) : new URLSearchParams(text)
  // Of a repeated parameter, it is not known which one is meant.
  const [token, other] = received.getAll('oauth_token')
  const [tokenSecret, another] = received.getAll('oauth_token_secret')
  const values = Object.fromEntries(received)
  if (response.ok && token && tokenSecret !== undefined && (other ?? another) === undefined)
    return { token, tokenSecret, response: values }
  throw await problem('refused', purpose, response, {
    values,
    percentEncode,
    secrets: { ...options, ...credentials, ...parameters },
  })
}
