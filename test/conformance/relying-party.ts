// The relying party under test, used through its public API only.
import {
  OAuthClientError,
  createAuthorizationUrl,
  createOAuthClient,
  exchange,
  memory,
  type ClientOptions,
  type ErrorCode,
  type OAuthClient,
  type TokenSet,
} from '@latchkey/core'
import { expect } from 'vitest'
import {
  clientId,
  createTestProvider,
  issuer,
  redirectUri,
  type Faults,
  type ProviderKey,
  type TestProvider,
} from './test-provider.js'

/** A client and its provider. */
export interface Bench {
  readonly provider: TestProvider
  readonly client: OAuthClient
}

/** The setup of a test: faults of the provider, options of the client, the provider's key. */
export interface Setting {
  readonly faults?: Faults
  readonly options?: Partial<ClientOptions>
  readonly key?: ProviderKey
  /** Handles requests to hosts other than the provider's. */
  readonly through?: typeof fetch
}

export async function createBench({ faults = {}, options = {}, key, through }: Setting = {}): Promise<Bench> {
  const provider = await createTestProvider(faults, key)
  const routed: typeof fetch = (input, init) => {
    const request = new Request(input, init)
    return through && !request.url.startsWith(issuer) ? through(request) : provider.fetch(request)
  }
  const given = { issuer, clientId, redirectUri, storage: memory(), fetch: routed, ...options } as ClientOptions
  return { provider, client: createOAuthClient(given) }
}

/** Signs in, from the authorization request to the session. */
export async function signIn({ provider, client }: Bench): Promise<TokenSet> {
  await client.start()
  const { url } = await createAuthorizationUrl(client)
  const result = await exchange(client, await provider.authorize(url))
  if (!result) throw new Error('The client did not recognize the response.')
  return result.tokenSet
}

/** Expects a sign-in to succeed. */
export async function expectSignedIn(setting: Setting = {}): Promise<Bench & { readonly tokenSet: TokenSet }> {
  const bench = await createBench(setting)
  const tokenSet = await signIn(bench)
  expect(bench.client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', error: undefined })
  return { ...bench, tokenSet }
}

/** Expects the typed error and no partial sign-in, neither in memory nor in storage. */
export async function expectRefused(setting: Setting, code: ErrorCode): Promise<OAuthClientError> {
  const storage = memory()
  const bench = await createBench({ ...setting, options: { storage, ...setting.options } })
  const error = await refusal(signIn(bench))
  expect(error.code).toBe(code)
  expect(bench.client.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle' })
  expect(bench.client.getTokenSet()).toBeUndefined()
  const later = createOAuthClient(bench.client.options as ClientOptions)
  await later.start()
  expect(later.getSnapshot().status).toBe('signed-out')
  return error
}

/** Returns the library's error that the promise rejected with. Anything else fails the test. */
export async function refusal(attempt: Promise<unknown>): Promise<OAuthClientError> {
  const outcome = await attempt.then(
    () => 'no error',
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(OAuthClientError)
  const error = outcome as OAuthClientError
  expect(error.hint ?? error.message).not.toBe('')
  // Invariant 12: no token or code in anything that may be logged.
  expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toMatch(/access-\d|refresh-\d|code-\d|eyJ/)
  return error
}
