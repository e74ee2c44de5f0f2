import type { AuthedRequestInit } from '@latchkey/core'
import { createError, createResourceList, explain, isLoopback } from '@latchkey/core/internals'
import { findSignatureMethod, type SignatureMethod } from '../signature/signature-method.js'
import { signRequest } from '../signature/sign-request.js'
import type { Credentials } from './credentials.js'
import { loadProblems } from './load-problems.js'
import type { OAuth1Config } from './resolve-options.js'
import { throughProxy } from './through-proxy.js'

/** Where the credentials of a call come from. */
export interface CredentialsSource {
  /** @returns null to sign with the client's credentials only; undefined if no user is signed in */
  readonly credentials: () => Promise<Credentials | null | undefined>
  /** Aborted when the session of this moment ends. */
  readonly signal: () => AbortSignal
}

/**
 * Creates a `fetch` that signs each request. The URL is checked against the resource list before anything is sent.
 *
 * @throws ConfigurationError resource_not_allowed, configuration; SessionError missing_token; what `fetch` throws
 * @see RFC 5849, section 3
 */
export function createSignedFetch(
  config: OAuth1Config,
  source: CredentialsSource,
): (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response> {
  const { options, environment, keys } = config
  const { consumerKey: clientId, placement, realm, bodyHash } = options
  const { fetch, window: page } = environment
  const resources = createResourceList(options.resources, page?.location.origin, options.allowPlainHttp)
  return async (input, { withholdToken, resource: _resource, ...init } = {}) => {
    const request = await prepared(() => new Request(input, init))
    if (withholdToken || request.headers.has('authorization')) return fetch(request)
    const session = source.signal()
    const signed = await prepared(async () => {
      resources.match(new URL(request.url))
      const method = await methodOf(config, request.url)
      const credentials = await source.credentials()
      if (credentials === undefined) throw createError('missing_token')
      const timestamp = Math.floor(environment.now() / 1000)
      const { token, tokenSecret } = credentials ?? {}
      return signRequest(request, {
        clientId,
        token,
        keys: { ...keys, tokenSecret },
        method,
        placement,
        realm,
        bodyHash,
        timestamp,
      })
    })
    // The session may have ended while the request was signed: the call belongs to the session in which it was made.
    if (session.aborted) throw await explain(session.reason)
    // A copy loses these two (Fetch, section 5.4).
    const { referrer, referrerPolicy } = signed
    const signal = AbortSignal.any([signed.signal, session])
    return fetch(await throughProxy(options, new Request(signed, { referrer, referrerPolicy, signal })))
  }
}

/**
 * @returns the signature method for a URL
 * @throws ConfigurationError configuration for a name that is unknown, and for PLAINTEXT without https (RFC 5849, section 3.4.4)
 */
export async function methodOf({ options }: OAuth1Config, address: string): Promise<SignatureMethod> {
  const { signatureMethod: given = 'HMAC-SHA1' } = options
  const method = typeof given === 'object' ? given : findSignatureMethod(given)
  if (!method) throw new TypeError(`"signatureMethod" is "${given as string}".`)
  const url = new URL(address)
  if (method.name === 'PLAINTEXT' && url.protocol !== 'https:' && !isLoopback(url))
    throw (await loadProblems()).problems.insecure(url.origin)
  return method
}

/** Everything before the request is sent is the app's own: an error of `fetch` itself stays as it is, for the app to tell them apart. */
async function prepared<Value>(build: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await build()
  } catch (cause) {
    throw await explain(cause instanceof TypeError ? createError('configuration', cause.message, { cause }) : cause)
  }
}
