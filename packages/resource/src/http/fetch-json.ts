import { readBounded } from './read-bounded.js'

/** Bytes of metadata, keys and introspection responses. */
const MAX_BYTES = 512 * 1024
/** Milliseconds until a request to an issuer is given up. */
const TIMEOUT_MS = 5000

/** The function that sends requests to issuers. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Creates a `fetch` for requests to issuers: without redirects, with a timeout, and with bounded responses. */
export function boundedFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    const body = await readBounded(response, MAX_BYTES)
    if (body === undefined) throw new TypeError(`The response of ${url} is larger than ${MAX_BYTES} bytes`)
    const { status, headers } = response
    // A redirect that the runtime hides has status 0, which no response can have.
    return new Response(status === 204 || status === 304 ? null : body, { status: status === 0 ? 502 : status, headers })
  }
}

/** Returns the JSON of a URL. Throws a TypeError for another status than 200, and for no JSON. */
export async function fetchJson(url: string, fetch: Fetch): Promise<unknown> {
  const response = await fetch(url, { headers: { accept: 'application/json, application/jwk-set+json' } })
  if (response.status !== 200) throw new TypeError(`${url} responded with ${response.status}; expected 200`)
  return response.json()
}

/** Sends the requests that oauth4webapi makes. */
export function oauthFetch(fetch: Fetch): (url: string, request: OAuthRequest) => Promise<Response> {
  return (url, { body, method, headers }) => fetch(url, { method, headers, ...(body && { body }) })
}

interface OAuthRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
}
