import { loadStoredTokens } from './lazy.js'
import { parseUrl } from '../platform/parse-url.js'
import { type createOAuthClient } from '../client/create-client.js'
import { OAuthClientError } from '../errors/errors.js'
import type { OAuthClient } from '../client/client.js'
import { withCheckedCalls } from '../client/check-options.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { registerInternals } from '../protocol/client-registry.js'
import { untilClosed } from '../platform/abort.js'
import type { RegistryClient, RegistryEntry } from './registry-entry.js'
import type { AccessToken } from '../protocol/token-set.js'
import { ResponseError } from './response-error.js'
import type { StoredTokenParts, StoredTokens } from './stored-tokens.js'
import type { StoredToken } from './stored-token.js'

/** What a registry client is made of. */
export interface RegistryClientParts {
  readonly name: string
  readonly entry: RegistryEntry
  readonly createClient: typeof createOAuthClient
  /** Called when the client is closed. */
  readonly onClose: () => void
  /** Called if the client has no session. */
  readonly fetchToken: () => StoredToken | null | undefined | Promise<StoredToken | null | undefined>
}

/** Creates a client with a name, the base URL of an API and a method per HTTP verb. */
export function createRegistryClient(parts: RegistryClientParts): RegistryClient {
  const { apiBaseUrl, createClient, ...options } = parts.entry
  const resources = apiBaseUrl === undefined ? options.resources : [...(options.resources ?? []), apiBaseUrl]
  if (createClient) return withVerbs(createClient({ name: options.name, onTokenSet: options.onTokenSet, resources }), parts)
  const client = parts.createClient({ ...options, resources })
  const internals = internalsOf(client)
  const stored = loadStored({ client: internals, fetchToken: parts.fetchToken, onTokenSet: options.onTokenSet })
  const calls = { ...client, ...storedCalls(client, internals, stored), fetch: fetchOf(internals, stored) }
  const checked = IS_DEVELOPMENT ? withCheckedCalls(calls, (error) => internals.session.fail(error)) : calls
  const registered = withVerbs(checked, parts)
  registerInternals(registered, internals)
  return registered
}

/** Adds the name, the base URL and a method per HTTP verb. */
function withVerbs(client: OAuthClient, { name, entry, onClose }: RegistryClientParts): RegistryClient {
  const { apiBaseUrl } = entry
  const fetch = async (input: RequestInfo | URL, init?: AuthedRequestInit): Promise<Response> =>
    client.fetch(joined(input, apiBaseUrl), init)
  const call = async (method: string, url: string | URL, init: AuthedRequestInit): Promise<Response> => {
    const response = await fetch(url, { ...init, method })
    if (response.ok) return response
    const text = await response.text()
    throw new ResponseError(method, new URL(response.url || url, apiBaseUrl), response.status, parsed(text))
  }
  const close = async (): Promise<void> => {
    onClose()
    await client.close()
  }
  return {
    ...client,
    fetch,
    name,
    close,
    [Symbol.asyncDispose]: close,
    get: (url, init = {}) => call('GET', url, init),
    post: (url, body = null, init = {}) => call('POST', url, { ...init, body }),
    put: (url, body = null, init = {}) => call('PUT', url, { ...init, body }),
    patch: (url, body = null, init = {}) => call('PATCH', url, { ...init, body }),
    delete: (url, init = {}) => call('DELETE', url, init),
  }
}

type LoadStored = () => Promise<StoredTokens>

/** Loads the code for stored tokens when no user is signed in. */
function loadStored(parts: StoredTokenParts): LoadStored {
  let made: StoredTokens | undefined
  return async () => {
    const { StoredTokens: Tokens } = await loadStoredTokens()
    return (made ??= new Tokens(parts))
  }
}

/** Creates the client's `fetch`, with the stored token if no user is signed in. */
function fetchOf(client: ClientInternals, stored: LoadStored): OAuthClient['fetch'] {
  return client.createFetch((options) =>
    orStored<AccessToken>(
      client,
      () => client.accessToken(options),
      async () => (await stored()).accessToken(options),
    ),
  )
}

type StoredCalls = Pick<OAuthClient, 'getAccessToken' | 'refresh' | 'userInfo' | 'revoke' | 'introspect'>

/** The calls of a client that use a token, with the stored one if no user is signed in. */
function storedCalls(client: OAuthClient, internals: ClientInternals, stored: LoadStored): StoredCalls {
  const either = <T>(own: () => Promise<T>, fromStore: () => Promise<T | undefined>): Promise<T> =>
    orStored(internals, own, fromStore)
  /** @returns the stored refresh token, else the access token */
  const best = async (): Promise<readonly [token: string, hint: 'refresh_token' | 'access_token'] | undefined> => {
    const present = await (await stored()).present()
    return present && (present.refreshToken ? [present.refreshToken, 'refresh_token'] : [present.accessToken, 'access_token'])
  }
  return {
    getAccessToken: (options = {}) =>
      either(
        () => client.getAccessToken(options),
        async () => (await (await stored()).accessToken(options))?.accessToken,
      ),
    refresh: (options = {}) =>
      either(
        () => client.refresh(options),
        async () => (await stored()).tokenSet({ ...options, forceRefresh: true }),
      ),
    userInfo: (options = {}) =>
      either(
        () => client.userInfo(options),
        async () => (await stored()).userInfo(options),
      ),
    revoke: async (token, options = {}) => {
      const revokeStored = async (): Promise<true | undefined> => {
        const [chosen, tokenTypeHint] = (await best()) ?? []
        if (chosen !== undefined) await client.revoke(chosen, { tokenTypeHint, ...options })
        return chosen === undefined ? undefined : true
      }
      await either<unknown>(async () => (await client.revoke(token, options), true), revokeStored)
    },
    introspect: (token) =>
      either(
        () => client.introspect(token),
        async () => {
          const [chosen] = (await best()) ?? []
          return chosen === undefined ? undefined : client.introspect(chosen)
        },
      ),
  }
}

/** @param fromStore called if no user is signed in; undefined if nothing is stored */
async function orStored<T>(
  { session, context }: ClientInternals,
  own: () => Promise<T>,
  fromStore: () => Promise<T | undefined>,
): Promise<T> {
  const { signal } = session
  try {
    return await own()
  } catch (failure) {
    const isSignedOut = failure instanceof OAuthClientError && failure.code === 'missing_token' && !session.state.tokenSet
    if (!isSignedOut) throw failure
    // `fetchToken` and `onTokenSet` are functions of the app.
    const result = await untilClosed(session, fromStore(), undefined, signal).catch(async (cause: unknown) => {
      throw await context.explain(cause)
    })
    if (result === undefined) throw failure
    return result
  }
}

/** Resolves a relative URL. An absolute one does not change, and is checked against the resource list. @see RFC 3986, section 5 */
function joined(input: RequestInfo | URL, apiBaseUrl: string | undefined): RequestInfo | URL {
  if (input instanceof Request || apiBaseUrl === undefined) return input
  const base = apiBaseUrl.endsWith('/') ? apiBaseUrl : `${apiBaseUrl}/`
  // What cannot be parsed is refused by the client's own `fetch`.
  return parseUrl(input, base) ?? input
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
