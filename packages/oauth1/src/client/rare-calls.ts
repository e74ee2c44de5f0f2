import { isLoopback, sendWithoutRedirect } from '@latchkey/core/internals'
import { findSignatureMethod } from '../signature/find-signature-method.js'
import { isForm } from '../signature/placement.js'
import { copyTo } from '../signature/rare-requests.js'
import type { SignatureMethod } from '../signature/signature-method.js'
import { problem } from './load-problems.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'

// What few clients use, in a chunk of its own.

/**
 * @returns the signature method for a URL
 * @throws TypeError for a name that is unknown; ConfigurationError configuration for PLAINTEXT without https (RFC 5849, section 3.4.4)
 */
export async function rareMethod(given: OAuth1ClientOptions['signatureMethod'], address: string): Promise<SignatureMethod> {
  const method = typeof given === 'object' ? given : findSignatureMethod(given ?? '')
  if (!method) throw new TypeError(`"signatureMethod" is "${given as string}".`)
  const url = new URL(address)
  if (method.name === 'PLAINTEXT' && url.protocol !== 'https:' && !isLoopback(url)) throw await problem('insecure', url.origin)
  return method
}

/** The placement `body` has no place in a GET request or in JSON: the header has one in every request. @see RFC 5849, section 3.5 */
export function placeFor({ method, body, headers }: Request): 'body' | 'header' {
  const isForBody = body === null ? !['GET', 'HEAD'].includes(method) : isForm(headers)
  return isForBody ? 'body' : 'header'
}

/** Sends a signed request to its own address only: what a redirect would repeat is in the body or query, or is a secret. */
export function sendHere(
  request: Request,
  transmit: (request: Request) => Promise<Response>,
  isSecret: boolean,
): Promise<Response> {
  return sendWithoutRedirect(
    request,
    transmit,
    isSecret
      ? { what: 'the secrets that PLAINTEXT sends', spec: 'RFC 5849, section 3.4.4' }
      : { what: 'the signed parameters in the body or query', spec: 'RFC 5849, section 3.5' },
  )
}

/** @returns a signed request as the proxy gets it; its body is read completely */
export async function throughProxy({ proxy, signatureMethod }: OAuth1ClientOptions, request: Request): Promise<Request> {
  if (!proxy) return request
  const placed = await copyTo(String(proxy(new URL(request.url))), request)
  const { protocol, origin } = new URL(placed.url)
  const isSecret = (typeof signatureMethod === 'object' ? signatureMethod.name : signatureMethod) === 'PLAINTEXT'
  if (isSecret && protocol !== 'https:' && !isLoopback(new URL(placed.url))) throw await problem('insecure', origin)
  return placed
}

/** Reads the JSON that some servers send. */
export function readJson(text: string): Readonly<Record<string, string>> {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>)
    const simple = entries.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    return Object.fromEntries(simple.map(([name, value]) => [name, String(value)]))
  } catch {
    return {}
  }
}
