import { sendToEndpoint, serverWords, unavailable } from '@latchkey/core/internals'
import { signRequest } from '../signature/sign-request.js'
import type { Credentials, ReceivedCredentials } from './credentials.js'
import { loadProblems } from './load-problems.js'
import type { Endpoint } from './problems.js'
import type { OAuth1Config } from './resolve-options.js'
import { methodOf } from './signed-fetch.js'
import { throughProxy } from './through-proxy.js'

/** One request for credentials. */
export interface CredentialsRequest {
  readonly url: string
  readonly endpoint: Endpoint
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
 * @throws ServerError token_error; ValidationError invalid_response; NetworkError
 */
export async function requestCredentials(config: OAuth1Config, request: CredentialsRequest): Promise<ReceivedCredentials> {
  const { options, environment, logger, keys } = config
  const { url, endpoint, form, credentials, signal, parameters } = request
  const purpose = { ...endpoint, invalid: 'invalid_response', refused: 'token_error' } as const
  const sign = async (unsigned: Request): Promise<Request> =>
    signRequest(unsigned, {
      clientId: options.consumerKey,
      token: credentials?.token,
      keys: { ...keys, tokenSecret: credentials?.tokenSecret },
      method: await methodOf(config, unsigned.url),
      placement: options.placement,
      realm: options.realm,
      parameters,
      timestamp: Math.floor(environment.now() / 1000),
    })
  const init = { method: 'POST', ...(form && { body: new URLSearchParams(form) }) }
  const prepare = [sign, (signed: Request) => throughProxy(options, signed)]
  const response = await sendToEndpoint({ options, environment, logger }, url, init, { purpose, signal, prepare })
  const { status, ok } = response
  const values = readValues(await response.text())
  if (!ok) {
    const secrets = [options.consumerSecret, credentials?.token, credentials?.tokenSecret].filter(
      (secret) => secret !== undefined,
    )
    const words = serverWords((name) => values[name] ?? (name === 'error' ? values['oauth_problem'] : undefined), secrets)
    if (status === 429 || status > 499) throw unavailable(purpose, response, words)
    throw (await loadProblems()).problems.refused(endpoint, status, words)
  }
  const { oauth_token: token, oauth_token_secret: tokenSecret = '' } = values
  if (!token) throw (await loadProblems()).problems.noToken(endpoint, status)
  return { token, tokenSecret, response: values }
}

/** Reads a form-encoded response, which RFC 5849 requires, or the JSON that some servers send. */
function readValues(text: string): Readonly<Record<string, string>> {
  if (!/^\s*\{/.test(text)) return Object.fromEntries(new URLSearchParams(text.trim()))
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>)
    return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
  } catch {
    return {}
  }
}
