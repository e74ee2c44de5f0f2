import { base64url } from 'jose'
import { type Examination, scopeOf } from './examination.js'
import { parseObject } from './parse-object.js'

/** The client and the address that a request names. */
interface RequestParties {
  readonly clientId: string
  readonly redirectUri: string
}

/**
 * Builds an authorization request that no user sees (`prompt=none`). If the server requires pushed requests, it is pushed.
 *
 * @returns the URL, or what the server said if it refused the pushed request
 */
export async function authorizationUrl(
  examination: Examination,
  { clientId, redirectUri }: RequestParties,
): Promise<{ readonly url: string } | { readonly refusal: string }> {
  const { metadata } = examination
  const parameters = requestParameters(examination, { clientId, redirectUri })
  const url = new URL(metadata?.authorization_endpoint ?? '')
  const endpoint = metadata?.pushed_authorization_request_endpoint
  if (!metadata?.require_pushed_authorization_requests || endpoint === undefined) {
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return { url: url.href }
  }
  return pushRequest(examination, { url, endpoint, parameters })
}

interface PushedRequest {
  readonly url: URL
  readonly endpoint: string
  readonly parameters: Readonly<Record<string, string>>
}

async function pushRequest(
  { probes }: Examination,
  { url, endpoint, parameters }: PushedRequest,
): ReturnType<typeof authorizationUrl> {
  const reply = await probes.send(endpoint, { method: 'POST', form: parameters })
  const response = (reply.outcome === 'response' && parseObject(reply.text)) || {}
  const { request_uri: requestUri, error = 'no error code', error_description: description = 'no description' } = response
  if (typeof requestUri !== 'string') return { refusal: `${String(error)}: ${String(description)}` }
  url.search = new URLSearchParams({ client_id: parameters['client_id'] ?? '', request_uri: requestUri }).toString()
  return { url: url.href }
}

function requestParameters(examination: Examination, { clientId, redirectUri }: RequestParties): Record<string, string> {
  const scope = scopeOf(examination).join(' ')
  return {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: examination.setup.responseType ?? 'code',
    ...(scope !== '' && { scope }),
    state: randomText(),
    nonce: randomText(),
    prompt: 'none',
    // There is no verifier for it: a code that the server issues to this request cannot be redeemed.
    code_challenge: randomText(32),
    code_challenge_method: 'S256',
  }
}

function randomText(bytes = 16): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(bytes)))
}
