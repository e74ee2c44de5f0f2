import { loadOtherCalls } from '@latchkey/core/internals'
import { contextOf } from './context-of.js'
import type { CredentialsRequest } from './credentials-request.js'
import type { ReceivedCredentials } from './credentials.js'
import { loadRare } from './lazy-rare.js'
import { loadProblems } from './load-problems.js'
import type { OAuth1Config } from './resolve-options.js'
import { sign } from './sign.js'

/**
 * Sends a signed request for credentials, without cookies and without following redirects.
 *
 * @throws ServerError token_error; ValidationError invalid_response; NetworkError; ConfigurationError without a URL
 */
export async function requestCredentials(
  config: OAuth1Config,
  kind: 'temporary' | 'token',
  { body, credentials, signal, parameters }: CredentialsRequest,
): Promise<ReceivedCredentials> {
  const option = `${kind}CredentialsUrl` as const
  const url = config.options[option]
  if (!url) throw (await loadProblems()).missing(option)
  const purpose = { name: `${kind} credential endpoint`, spec: 'RFC 5849, section 2', invalid: 'invalid_response' } as const
  const prepare = [(request: Request) => sign(config, request, credentials, parameters)]
  const { sendToEndpoint } = await loadOtherCalls()
  const response = await sendToEndpoint(await contextOf(config), url, { method: 'POST', body }, { purpose, signal, prepare })
  const text = (await response.text()).trim()
  const values = Object.fromEntries(new URLSearchParams(text))
  const { oauth_token: token, oauth_token_secret: tokenSecret } = values
  // Two names that start with it: neither is repeated, and it is the form that RFC 5849 requires.
  if (response.ok && token && tokenSecret !== undefined && text.split('oauth_token').length === 3)
    return { token, tokenSecret, response: values }
  return (await loadRare()).readUnusual(purpose, response, text, { ...config.options, ...credentials, ...parameters })
}
