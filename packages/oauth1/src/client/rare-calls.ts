import type { OAuthClientError, TokenSet, UserClaims } from '@latchkey/core'
import { createError, explain, isLoopback, sendWithoutRedirect, timeoutSignal } from '@latchkey/core/internals'
import { findSignatureMethod } from '../signature/find-signature-method.js'
import { isForm } from '../signature/form-body.js'
import { copyTo } from '../signature/rare-requests.js'
import { signRequest } from '../signature/sign-request.js'
import type { SigningOptions } from '../signature/signed-parameters.js'
import type { CallingClient } from './calling-client.js'
import { problem } from './load-problems.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

// What few clients use, in a chunk of its own.

/**
 * Signs with another method than HMAC, in the body or query, or with the hash of the body.
 *
 * @throws TypeError for a name that is unknown; ConfigurationError configuration for PLAINTEXT without https (RFC 5849, section 3.4.4)
 */
export async function signRarely(
  { signatureMethod: given = 'HMAC-SHA1', placement, realm, bodyHash, privateKey }: OAuth1ClientOptions,
  request: Request,
  signing: Omit<SigningOptions, 'method'>,
): Promise<Request> {
  const method = typeof given === 'object' ? given : findSignatureMethod(given)
  if (!method) throw new TypeError(`"signatureMethod" is "${given as string}".`)
  const url = new URL(request.url)
  if (isPlaintext(given) && url.protocol !== 'https:' && !isLoopback(url)) throw await problem('insecure', url.origin)
  return signRequest(request, {
    ...signing,
    keys: { ...signing.keys, privateKey },
    method,
    realm,
    placement: placement === 'body' ? placeFor(request) : placement,
    // A request for credentials has its own parameters, and no body to hash.
    bodyHash: bodyHash && !signing.parameters,
  })
}

function isPlaintext(given: OAuth1ClientOptions['signatureMethod']): boolean {
  return (typeof given === 'object' ? given.name : given) === 'PLAINTEXT'
}

/** The placement `body` has no place in a GET request or in JSON: the header has one in every request. @see RFC 5849, section 3.5 */
function placeFor({ method, body, headers }: Request): 'body' | 'header' {
  const isForBody = body === null ? !['GET', 'HEAD'].includes(method) : isForm(headers)
  return isForBody ? 'body' : 'header'
}

/** Sends a signed request, to its own address only if a redirect would repeat what is in the body or query, or is a secret. */
export function sendRarely(
  { signatureMethod }: OAuth1ClientOptions,
  request: Request,
  transmit: (request: Request) => Promise<Response>,
): Promise<Response> {
  const isSecret = isPlaintext(signatureMethod)
  if (!isSecret && request.headers.has('authorization')) return transmit(request)
  return sendWithoutRedirect(
    request,
    transmit,
    isSecret
      ? { what: 'the secrets that PLAINTEXT sends', spec: 'RFC 5849, section 3.4.4' }
      : { what: 'the signed parameters in the body or query', spec: 'RFC 5849, section 3.5' },
  )
}

/**
 * @returns a signed request as the proxy gets it; its body is read completely
 * @throws ConfigurationError configuration
 */
export async function throughProxy({ proxy, signatureMethod }: OAuth1ClientOptions, request: Request): Promise<Request> {
  if (!proxy) return request
  try {
    const address = String(proxy(new URL(request.url)))
    const page = (globalThis as Partial<Pick<typeof globalThis, 'location'>>).location?.href
    if (!URL.canParse(address, page))
      throw new TypeError(`"proxy" returned "${address}": expected an absolute URL outside a page.`)
    const placed = await copyTo(address, request)
    const url = new URL(placed.url)
    if (isPlaintext(signatureMethod) && url.protocol !== 'https:' && !isLoopback(url)) throw await problem('insecure', url.origin)
    return placed
  } catch (cause) {
    throw await problem('unsigned', cause)
  }
}

/** Reads the JSON that some servers send. */
export function readJson(text: string): URLSearchParams {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>)
    const simple = entries.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    return new URLSearchParams(simple.map(([name, value]) => [name, String(value)]))
  } catch {
    return new URLSearchParams()
  }
}

/** The claims of the option `userInfo`, or the failure of that function. */
export async function readUser(
  { userInfo: read, timeout = 30 }: OAuth1ClientOptions,
  tokenSet: TokenSet,
  fetchUntil: (signal: AbortSignal) => typeof fetch,
  given: AbortSignal | undefined,
): Promise<{ readonly claimed?: Pick<TokenSet, 'claims'>; readonly failure?: OAuthClientError }> {
  const limit = timeoutSignal(timeout * 1000)
  try {
    const claims = await read?.(fetchUntil(given ? AbortSignal.any([limit, given]) : limit), tokenSet)
    // Claims of an ID token are what every session has. Those of OAuth 1.0a are the app's own word.
    return { claimed: { claims: claims as NonNullable<TokenSet['claims']> } }
  } catch (cause) {
    const hint = 'The user is signed in without claims. Call userInfo() to try again.'
    const failure = createError('unexpected', 'The function "userInfo" of the options failed.', { cause, hint })
    return { failure: await explain(failure) }
  }
}

/** @see OAuthClient.userInfo */
export async function userInfo({ config, parts }: CallingClient, signedFetch: typeof fetch): Promise<UserClaims> {
  await parts.restored()
  const { tokenSet } = parts.session.state
  if (!tokenSet) throw createError('missing_token')
  return (await config.options.userInfo?.(signedFetch, tokenSet)) ?? tokenSet.claims ?? {}
}
