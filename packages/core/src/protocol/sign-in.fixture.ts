import { OAuthClientError } from '../errors/errors.js'
import { explain } from '../grants/lazy.js'
import { createAuthorizationRequest } from './authorization-request.js'
import { processAuthorizationResponse } from './authorization-response.js'
import type { ResponseExpectation } from './expectation.js'
import type { AuthorizationParameters, ProtocolOptions } from './protocol-options.js'
import { createContext, createTestServer, type Faults, issuer, redirectUri, type TestServer } from './test-server.fixture.js'
import type { TokenSet } from './token-set.js'

export interface Attempt {
  readonly options?: Partial<ProtocolOptions>
  readonly login?: AuthorizationParameters
  /** Faults before the browser navigates. */
  readonly start?: Faults
  /** Faults during the callback. */
  readonly faults?: Faults
  readonly alg?: string
  /** Parameters of the authorization response instead of the correct ones; `undefined` removes one. */
  readonly response?: Readonly<Record<string, string | undefined>>
  readonly expectation?: Partial<ResponseExpectation>
  readonly clock?: { readonly now?: () => number; readonly offsetSeconds?: number }
  /** Called between request and callback. */
  readonly betweenRequests?: (server: TestServer) => void | Promise<void>
}

export interface Arrival {
  readonly server: TestServer
  readonly context: ReturnType<typeof createContext>
  readonly expectation: ResponseExpectation
  readonly url: URL
  readonly callback: () => Promise<TokenSet>
}

/** Prepares a sign-in up to the callback, which the test runs. */
export async function prepareSignIn(attempt: Attempt = {}): Promise<Arrival> {
  const server = await createTestServer(attempt.alg)
  server.faults = attempt.start ?? {}
  const alg = attempt.alg ? { idTokenSignedResponseAlg: attempt.alg } : {}
  const context = createContext(server, { ...alg, ...attempt.options }, attempt.clock)
  const createdAt = context.environment.now()
  const { url, expectation: built } = await createAuthorizationRequest(context, {
    parameters: attempt.login ?? {},
    state: 'state-1',
    redirectUri,
  })
  const expectation = { ...built, createdAt }
  server.nonce = expectation.nonce
  server.faults = attempt.faults ?? {}
  await attempt.betweenRequests?.(server)
  const callbackUrl = callbackWith({ code: 'code-1', state: 'state-1', iss: issuer, ...attempt.response })
  const callback = (): Promise<TokenSet> =>
    processAuthorizationResponse(context, callbackUrl, { ...expectation, ...attempt.expectation })
  return { server, context, expectation, url, callback }
}

export function callbackWith(parameters: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)

  return url
}

/** A whole sign-in. */
export async function signIn(attempt: Attempt = {}): Promise<Arrival & { readonly tokenSet: TokenSet }> {
  const arrival = await prepareSignIn(attempt)
  return { ...arrival, tokenSet: await arrival.callback() }
}

/** @returns the error that a promise is rejected with, with its texts; fails when it is not */
export async function failure(promise: Promise<unknown>): Promise<OAuthClientError> {
  const error: unknown = await promise.then(
    () => new Error('the promise was not rejected'),
    (reason: unknown) => reason,
  )
  return error instanceof OAuthClientError ? explain(error) : (error as OAuthClientError)
}

/** Everything that an error would write to a log, including its causes. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? ''
  const own = Object.fromEntries(Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name) as unknown]))
  return `${error.stack} ${JSON.stringify(own)} ${everythingIn(error.cause)}`
}
