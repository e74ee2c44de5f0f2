import { type createOAuthClient } from '../client/create-client.js'
import { OAuthClientError } from '../errors/errors.js'
import type { OAuthClient } from '../client/client.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { registerInternals } from '../protocol/client-registry.js'
import type { RegistryClient, RegistryEntry } from './registry-entry.js'
import { ResourceError } from './resource-error.js'
import { StoredTokens } from './stored-tokens.js'
import type { StoredToken } from './stored-token.js'

/** What a registry client is made of. */
export interface RegistryClientParts {
  readonly name: string
  readonly entry: RegistryEntry
  readonly createClient: typeof createOAuthClient
  /** Called if the client has no session. */
  readonly fetchToken: () => StoredToken | undefined | Promise<StoredToken | undefined>
}

/** Creates a client with a name, the base URL of an API and a method per HTTP verb. */
export function createRegistryClient({ name, entry, createClient, fetchToken }: RegistryClientParts): RegistryClient {
  const { apiBaseUrl, ...options } = entry
  const resources = apiBaseUrl === undefined ? options.resources : [...(options.resources ?? []), apiBaseUrl]
  const client = createClient({ ...options, resources })
  const internals = internalsOf(client)
  const send = fetchOf(internals, new StoredTokens({ client: internals, fetchToken, onTokenSet: options.onTokenSet }))
  const fetch = async (input: RequestInfo | URL, init?: AuthedRequestInit): Promise<Response> =>
    send(joined(input, apiBaseUrl), init)
  const call = async (method: string, url: string | URL, init: AuthedRequestInit): Promise<Response> => {
    const response = await fetch(url, { ...init, method })
    if (response.ok) return response
    const text = await response.text()
    throw new ResourceError(method, new URL(response.url || url, apiBaseUrl), response.status, parsed(text))
  }
  const registered: RegistryClient = {
    ...client,
    name,
    fetch,
    get: (url, init = {}) => call('GET', url, init),
    post: (url, body = null, init = {}) => call('POST', url, { ...init, body }),
    put: (url, body = null, init = {}) => call('PUT', url, { ...init, body }),
    patch: (url, body = null, init = {}) => call('PATCH', url, { ...init, body }),
    delete: (url, init = {}) => call('DELETE', url, init),
  }
  registerInternals(registered, internals)
  return registered
}

/** Creates the client's `fetch`, with the stored token if no user is signed in. */
function fetchOf({ createFetch, accessToken, context }: ClientInternals, storedTokens: StoredTokens): OAuthClient['fetch'] {
  // `fetchToken` and `onTokenSet` are functions of the app.
  const explained = async (cause: unknown): Promise<never> => {
    throw await context.explain(cause)
  }
  return createFetch(async (options) => {
    try {
      return await accessToken(options)
    } catch (failure) {
      const isSignedOut = failure instanceof OAuthClientError && failure.code === 'missing_token'
      const token = isSignedOut ? await storedTokens.accessToken(options).catch(explained) : undefined
      if (token === undefined) throw failure
      return token
    }
  })
}

/** Resolves a relative URL. An absolute one does not change, and is checked against the resource list. @see RFC 3986, section 5 */
function joined(input: RequestInfo | URL, apiBaseUrl: string | undefined): RequestInfo | URL {
  if (input instanceof Request || apiBaseUrl === undefined) return input
  const base = apiBaseUrl.endsWith('/') ? apiBaseUrl : `${apiBaseUrl}/`
  // What cannot be parsed is refused by the client's own `fetch`.
  return URL.canParse(input, base) ? new URL(input, base) : input
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
