import type { AuthedFetch, AuthedFetchParts } from './authed-fetch.js'
import type { AuthedRequestInit } from './fetch-options.js'

/** Name of the entry in the tab storage after a call, so that the next page loads the code of calls while it reads the session. */
export const CALLS_APIS = 'calls'

/** What is loaded for the first call. */
export interface FetchCalls<AccessToken> {
  readonly createFetch: (accessToken: AccessToken) => AuthedFetch
}

/**
 * Creates a `fetch` whose code is loaded by the first call. That call is the same as later ones: it belongs to the session in which it was
 * made, and the caller may change its arguments afterwards. Once the code is loaded, calls run it synchronously.
 */
export function createDeferredFetch<AccessToken = AuthedFetchParts['accessToken']>(
  load: () => Promise<FetchCalls<AccessToken>>,
  accessToken: AccessToken,
  session: { readonly signal: AbortSignal },
): (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response> {
  let authedFetch: AuthedFetch | undefined
  return (input, init) => {
    if (authedFetch) return authedFetch(input, init)
    const call = [...copyOf(input, init), session.signal, init?.body] as const
    // One for all calls, which share a step-up.
    return load().then(({ createFetch }) => (authedFetch ??= createFetch(accessToken))(...call))
  }
}

/** @returns the arguments themselves if they are invalid: then the code that is being loaded rejects them */
function copyOf(input: RequestInfo | URL, init: AuthedRequestInit = {}): [RequestInfo | URL, AuthedRequestInit] {
  const { withholdToken, resource, ...plain } = init ?? {}
  try {
    return typeof (plain.body ?? '') === 'string' && !(input instanceof Request)
      ? [new Request(input).url, { ...init, headers: new Headers(plain.headers) }]
      : [new Request(input, plain), { withholdToken, resource }]
  } catch {
    return [input, init]
  }
}
