import type { Environment, LoginResult, OAuthClientError, TokenSet } from '@latchkey/core'
import { createError, explain, isLoopback, sendWithoutRedirect, timeoutSignal } from '@latchkey/core/internals'
import { findSignatureMethod } from '../signature/find-signature-method.js'
import { isForm } from '../signature/form-body.js'
import { copyTo } from '../signature/rare-requests.js'
import { signParameters } from '../signature/sign-request.js'
import type { CreateSignedFetch, TokenParts } from './calling-client.js'
import { credentialsOf, type ReceivedCredentials } from './credentials.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import { type EndpointPurpose, problems, type SentSecrets } from './problems.js'
import type { OAuth1Config } from './resolve-options.js'

// What few clients use, in a chunk of its own.

/**
 * Signs with another method than HMAC, in the body or query, or with the hash of the body.
 *
 * @throws TypeError for a name that is unknown; ConfigurationError configuration for PLAINTEXT without https (RFC 5849, section 3.4.4)
 */
export async function signRarely(
  { signatureMethod: given = 'HMAC-SHA1', placement, realm, bodyHash, privateKey, consumerSecret }: OAuth1ClientOptions,
  request: Request,
  parameters: Readonly<Record<string, string>>,
  tokenSecret: string | undefined,
): Promise<Request> {
  const method = typeof given === 'object' ? given : findSignatureMethod(given)
  if (!method) throw new TypeError(`"signatureMethod" is "${given as string}".`)
  const url = new URL(request.url)
  if (isPlaintext(given) && url.protocol !== 'https:' && !isLoopback(url)) throw problems.insecure(url.origin)
  const signing = {
    keys: { clientSecret: consumerSecret, tokenSecret, privateKey },
    method,
    realm,
    placement: placement === 'body' ? placeFor(request) : placement,
    // A request for credentials has no body to hash.
    bodyHash: bodyHash && !('oauth_callback' in parameters || 'oauth_verifier' in parameters),
  }
  const signed = await signParameters(request, signing, parameters)
  // Another object, so that it gets to `sendRarely`.
  return isPlaintext(given) ? new Request(signed) : signed
}

function isPlaintext(given: OAuth1ClientOptions['signatureMethod']): boolean {
  return (typeof given === 'object' ? given.name : given) === 'PLAINTEXT'
}

/** The placement `body` has no place in a GET request or in JSON: the header has one in every request. @see RFC 5849, section 3.5 */
function placeFor({ method, body, headers }: Request): 'body' | 'header' {
  const isForBody = body === null ? !['GET', 'HEAD'].includes(method) : isForm(headers)
  return isForBody ? 'body' : 'header'
}

/** Sends a signed request to its own address only, because a redirect would repeat what is in the body or query, or is a secret. */
export function sendRarely(
  { signatureMethod }: OAuth1ClientOptions,
  request: Request,
  transmit: (request: Request) => Promise<Response>,
): Promise<Response> {
  return sendWithoutRedirect(
    request,
    transmit,
    isPlaintext(signatureMethod)
      ? { what: 'the secrets that PLAINTEXT sends', spec: 'RFC 5849, section 3.4.4' }
      : { what: 'the signed parameters in the body or query', spec: 'RFC 5849, section 3.5' },
  )
}

/** @returns the environment, whose `fetch` goes to the proxy of the options */
export function proxied(options: OAuth1ClientOptions, environment: Environment): Environment {
  return {
    ...environment,
    fetch: async (...request) => environment.fetch(await throughProxy(options, new Request(...request))),
  }
}

/**
 * @returns a signed request as the proxy gets it; its body is read completely
 * @throws ConfigurationError configuration
 */
async function throughProxy({ proxy, signatureMethod }: OAuth1ClientOptions, request: Request): Promise<Request> {
  if (!proxy) return request
  try {
    const address = String(proxy(new URL(request.url)))
    const page = (globalThis as Partial<Pick<typeof globalThis, 'location'>>).location?.href
    if (!URL.canParse(address, page))
      throw new TypeError(`"proxy" returned "${address}": expected an absolute URL outside a page.`)
    const placed = await copyTo(address, request)
    const url = new URL(placed.url)
    if (isPlaintext(signatureMethod) && url.protocol !== 'https:' && !isLoopback(url)) throw problems.insecure(url.origin)
    return placed
  } catch (cause) {
    throw await problems.unsigned(cause)
  }
}

/**
 * Reads a response that is not as most are: JSON, or one without credentials.
 *
 * @param secrets values that were sent and must not come back in a message
 * @throws ServerError token_error; ValidationError invalid_response; NetworkError
 */
export function readUnusual(
  purpose: EndpointPurpose,
  response: Response,
  text: string,
  secrets: SentSecrets,
): ReceivedCredentials {
  const received = text.startsWith('{') ? readJson(text) : new URLSearchParams(text)
  // Of a repeated parameter, it is not known which one is meant.
  const [token, other] = received.getAll('oauth_token')
  const [tokenSecret, another] = received.getAll('oauth_token_secret')
  const values = Object.fromEntries(received)
  if (response.ok && token && tokenSecret !== undefined && (other ?? another) === undefined)
    return { token, tokenSecret, response: values }
  throw problems.refused(purpose, response, values, secrets)
}

/** Some servers send it. */
function readJson(text: string): URLSearchParams {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>)
    const simple = entries.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    return new URLSearchParams(simple.map(([name, value]) => [name, String(value)]))
  } catch {
    return new URLSearchParams()
  }
}

/** What {@link finishWithUser} needs of its client. */
interface UserParts extends Pick<TokenParts, 'session'> {
  readonly createSignedFetch: CreateSignedFetch
  readonly signal: AbortSignal | undefined
}

/**
 * Ends a sign-in with the claims of the option `userInfo`. If that function fails, the user is signed in without claims: the verifier is
 * spent and the token issued.
 *
 * @param finish writes the session
 * @param signal ends the request for the claims
 */
export async function finishWithUser(
  config: OAuth1Config,
  tokenSet: TokenSet,
  finish: (tokenSet: TokenSet) => Promise<LoginResult | undefined>,
  { createSignedFetch, session, signal: given }: UserParts,
): Promise<LoginResult | undefined> {
  const { userInfo: read, timeout = 30 } = config.options
  const limit = timeoutSignal(timeout * 1000)
  const signal = given ? AbortSignal.any([limit, given]) : limit
  const signedFetch = createSignedFetch(config, async () => credentialsOf(tokenSet), signal)
  const claimed: { claims?: TokenSet['claims'] } = {}
  let failure: OAuthClientError | undefined
  try {
    // Claims of an ID token are what every session has. Those of OAuth 1.0a are the app's own word.
    claimed.claims = (await read?.(signedFetch, tokenSet)) as TokenSet['claims']
  } catch (cause) {
    const hint = 'The user is signed in without claims. Call userInfo() to try again.'
    failure = await explain(createError('unexpected', 'The function "userInfo" of the options failed.', { cause, hint }))
  }
  const result = await finish({ ...tokenSet, ...claimed })
  if (result && failure) session.fail(failure)
  return result
}
