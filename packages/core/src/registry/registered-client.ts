import { createAuthedFetch } from '../fetch/authed-fetch.js'
import { stepUpParts } from '../client/client-calls.js'
import { createOAuthClient } from '../client/create-client.js'
import { OAuthClientError } from '../errors/errors.js'
import type { OAuthClient } from '../client/client.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { partsOf, registerParts } from '../client/parts-of-client.js'
import { createResourceList } from '../fetch/resource-list.js'
import type { AccessToken } from '../protocol/token-set.js'
import type { RegisteredClient, RegistryEntry } from './registry-entry.js'
import { ResourceError } from './resource-error.js'
import { StoredTokens } from './stored-tokens.js'
import type { StoredToken } from './stored-token.js'

export interface RegisteredClientParts {
  readonly name: string
  readonly entry: RegistryEntry
  readonly createClient: typeof createOAuthClient
  /** Called if the client has no session. */
  readonly fetchToken: () => StoredToken | undefined | Promise<StoredToken | undefined>
}

/** Creates a client with a name, the base URL of an API and a method per HTTP verb. */
export function createRegisteredClient({ name, entry, createClient, fetchToken }: RegisteredClientParts): RegisteredClient {
  const { apiBaseUrl, ...options } = entry
  const resources = apiBaseUrl === undefined ? options.resources : [...(options.resources ?? []), apiBaseUrl]
  const client = createClient(resources === undefined ? options : { ...options, resources })
  const parts = partsOf(client)
  const send = fetchOf(client, new StoredTokens({ client: parts, fetchToken, onTokenSet: options.onTokenSet }))
  const fetch = (input: RequestInfo | URL, init?: AuthedRequestInit): Promise<Response> => send(joined(input, apiBaseUrl), init)
  const call = async (method: string, url: string | URL, init: AuthedRequestInit): Promise<Response> => {
    const response = await fetch(url, { ...init, method })
    if (response.ok) return response
    const text = await response.text()
    throw new ResourceError(method, new URL(response.url || url, apiBaseUrl), response.status, parsed(text))
  }
  const registered: RegisteredClient = {
    ...client,
    name,
    fetch,
    get: (url, init = {}) => call('GET', url, init),
    post: (url, body = null, init = {}) => call('POST', url, { ...init, body }),
    put: (url, body = null, init = {}) => call('PUT', url, { ...init, body }),
    patch: (url, body = null, init = {}) => call('PATCH', url, { ...init, body }),
    delete: (url, init = {}) => call('DELETE', url, init),
  }
  registerParts(registered, parts)
  return registered
}

/** The client's authed fetch, with the stored token if no user is signed in. */
function fetchOf(client: OAuthClient, storedTokens: StoredTokens): OAuthClient['fetch'] {
  const parts = partsOf(client)
  const { environment, options } = parts.config
  const stored = async (failure: unknown, tokenOptions: AccessTokenOptions): Promise<AccessToken> => {
    const isSignedOut = failure instanceof OAuthClientError && failure.code === 'missing_token'
    const token = isSignedOut ? await storedTokens.accessToken(tokenOptions) : undefined
    if (token === undefined) throw failure
    return token
  }
  return createAuthedFetch({
    fetch: environment.fetch,
    context: parts.context,
    resources: createResourceList(options.resources, environment.window?.location.origin),
    accessToken: async (tokenOptions: AccessTokenOptions) => {
      if (parts.session.state.status === 'restoring') await client.start()
      return parts.refresher.accessToken(tokenOptions).catch((failure: unknown) => stored(failure, tokenOptions))
    },
    ...stepUpParts(parts),
    protectedRequest: options.compliance?.protectedRequest,
    isOffline: () => environment.window?.navigator.onLine === false,
    sessionSignal: () => parts.session.signal,
  })
}

/** Resolves a relative URL. An absolute one does not change, and is checked against the resource list. @see RFC 3986, section 5 */
function joined(input: RequestInfo | URL, apiBaseUrl: string | undefined): RequestInfo | URL {
  if (input instanceof Request || apiBaseUrl === undefined) return input
  return new URL(input, apiBaseUrl.endsWith('/') ? apiBaseUrl : `${apiBaseUrl}/`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
