import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import { createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import {
  deleteRegistration,
  discoverResource,
  introspectToken,
  readRegistration,
  registerClient,
  updateRegistration,
} from '../endpoints.js'
import {
  assertionSession,
  ciba,
  clientCredentialsGrant,
  clientCredentialsSession,
  deviceAuthorization,
  fromServiceAccount,
  jwtBearerGrant,
  passwordGrant,
  tokenExchange,
} from '../grants.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { createOAuthRegistry } from '../registry.js'
import { createOAuthClient } from '../client/create-client.js'
import { OAuthClientError } from './errors.js'

const boom = (): never => {
  throw new TypeError('boom')
}
const nothing = undefined as never
const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

type Act = (bench: ClientBench) => Promise<unknown>

const throwing: Readonly<Record<string, readonly [Partial<ClientOptions>, Act]>> = {
  'login() with an onTokenSet that throws': [{ onTokenSet: boom }, ({ client }) => client.login()],
  'login() with a claims schema that throws': [{ claims: schema(boom) }, ({ client }) => client.login()],
  'login() with a claims schema that rejects': [{ claims: schema(async () => boom()) }, ({ client }) => client.login()],
  'passwordGrant() with an onTokenSet that throws': [{ onTokenSet: boom }, password],
  'passwordGrant() with a claims schema that throws': [{ claims: schema(boom) }, password],
  'passwordGrant() with a token request hook that throws': [{ compliance: { tokenRequest: boom } }, password],
  'passwordGrant() with a token response hook that rejects': [{ compliance: { tokenResponse: async () => boom() } }, password],
  'fetch() with a protected request hook that throws': [{ compliance: { protectedRequest: boom } }, signedInFetch],
  'fetch() with a protected request hook that rejects': [{ compliance: { protectedRequest: async () => boom() } }, signedInFetch],
  'fetch() of a URL that cannot be parsed': [{}, ({ client }) => client.fetch('http://[')],
  'fetch() with an init that fetch refuses': [
    {},
    ({ client }) => client.fetch('https://api.example/', { method: 'GET', body: 'x' }),
  ],
  'refresh() with a hook that throws': [
    { compliance: { refreshTokenRequest: boom } },
    async ({ client }) => (await client.login(), client.refresh()),
  ],
  'userInfo() without a user': [{}, ({ client }) => client.userInfo()],
  'userInfo() with a hook that throws': [
    { compliance: { userInfoResponse: boom } },
    async ({ client }) => (await client.login(), client.userInfo()),
  ],
  'revoke() without a token': [{}, ({ client }) => client.revoke()],
  'introspect() without a token': [{}, ({ client }) => client.introspect()],
  'createAuthorizationUrl() with a hook that throws': [
    { compliance: { authorizationRequest: boom } },
    ({ client }) => createAuthorizationUrl(client),
  ],
  'createAuthorizationUrl() with a parameter function that throws': [
    { params: { audience: boom } },
    ({ client }) => createAuthorizationUrl(client),
  ],
  'createAuthorizationUrl() of another object': [{}, () => createAuthorizationUrl({} as never)],
  'createAuthorizationUrl() of nothing': [{}, () => createAuthorizationUrl(nothing)],
  'login() with null': [{}, ({ client }) => client.login(null as never)],
  'exchange() of nothing': [{}, () => exchange(nothing, 'https://app.example/')],
  'exchange() of what is no URL': [{}, ({ client }) => exchange(client, 'not a URL')],
}

const standalone = (fetch: typeof globalThis.fetch): never => ({ issuer, clientId: 'client-1', fetch }) as never

const functions: Readonly<Record<string, Act>> = {
  'passwordGrant() of nothing': () => passwordGrant(nothing, nothing),
  'passwordGrant() without options': ({ client }) => passwordGrant(client, nothing),
  'jwtBearerGrant() without options': ({ client }) => jwtBearerGrant(client, nothing),
  'tokenExchange() without options': ({ client }) => tokenExchange(client, nothing),
  'ciba() without options': ({ client }) => ciba(client, nothing),
  'deviceAuthorization() of nothing': () => deviceAuthorization(nothing),
  'clientCredentialsGrant() of nothing': () => clientCredentialsGrant(nothing),
  'clientCredentialsGrant() of a copy of a client': ({ client }) => clientCredentialsGrant({ ...client }),
  'introspectToken() of nothing': () => introspectToken(nothing),
  'registerClient() of nothing': () => registerClient(nothing, {}),
  'registerClient() with metadata that is no JSON': ({ server }) => registerClient(standalone(server.fetch), cyclic),
  'readRegistration() of nothing': ({ server }) => readRegistration(standalone(server.fetch), nothing),
  'updateRegistration() of nothing': ({ server }) => updateRegistration(standalone(server.fetch), nothing, {}),
  'updateRegistration() with metadata that is no JSON': ({ server }) =>
    updateRegistration(standalone(server.fetch), { client_id: 'a' }, cyclic),
  'deleteRegistration() of nothing': ({ server }) => deleteRegistration(standalone(server.fetch), nothing),
  'discoverResource() of nothing': () => discoverResource(nothing),
  'discoverResource() of what is no URL': () => discoverResource('not a URL'),
  'a token session whose onTokenSet throws': async ({ server }) =>
    clientCredentialsSession({ ...(standalone(server.fetch) as object), clientAuth: (request: Request) => request } as never, {
      onTokenSet: boom,
    }).getAccessToken(),
  'an assertion session whose signer throws': () =>
    assertionSession({
      tokenEndpoint: `${issuer}/token`,
      issuer: 'a',
      key: 'k',
      header: { alg: 'RS256' },
      signAssertion: boom,
    }).getAccessToken(),
  'an assertion session with an invalid key': () =>
    assertionSession({ tokenEndpoint: `${issuer}/token`, issuer: 'a', key: 'k', header: { alg: 'RS256' } }).getAccessToken(),
  'fetch() of a token session with a URL that cannot be parsed': ({ server }) =>
    clientCredentialsSession(standalone(server.fetch)).fetch('/relative'),
  'a registry’s fetchToken that throws': ({ server }) =>
    createOAuthRegistry(
      { a: { issuer, clientId: 'a', fetch: server.fetch, apiBaseUrl: 'https://api.example/' } },
      { fetchToken: boom },
    ).a.get(''),
  'a registry’s fetch() of a URL that cannot be parsed': ({ server }) =>
    createOAuthRegistry({ a: { issuer, clientId: 'a', fetch: server.fetch, apiBaseUrl: 'https://api.example/' } }).a.fetch(
      'http://[',
    ),
  'a registry’s get() of a URL that cannot be parsed': ({ server }) =>
    createOAuthRegistry({ a: { issuer, clientId: 'a', fetch: server.fetch, apiBaseUrl: 'https://api.example/' } }).a.get(
      'http://[',
    ),
}

function schema(validate: () => unknown): never {
  return { '~standard': { version: 1, vendor: 'test', validate } } as never
}

function password({ client, server }: ClientBench): Promise<unknown> {
  server.faults = { claims: { nonce: undefined } }
  return passwordGrant(client, { username: 'ada', password: 'secret' })
}

async function signedInFetch({ client }: ClientBench): Promise<unknown> {
  await client.login()
  return client.fetch('https://api.example/')
}

async function expectTyped(act: () => Promise<unknown>): Promise<void> {
  let promise: Promise<unknown> | undefined
  expect(() => void (promise = act())).not.toThrow()
  expect(promise).toBeInstanceOf(Promise)
  const error: unknown = await promise?.then(
    () => 'fulfilled',
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(OAuthClientError)
  expect((error as OAuthClientError).hint ?? '').not.toBe('')
}

describe('every public function that returns a promise', () => {
  it.each(Object.entries(throwing))('rejects with a typed error: %s', async (_name, [options, act]) => {
    const bench = await createClientBench(options)
    await expectTyped(() => act(bench))
  })

  it.each(Object.entries(functions))('rejects with a typed error: %s', async (_name, act) => {
    const bench = await createClientBench()
    await expectTyped(() => act(bench))
  })

  it('keeps working when a listener of the state throws', async () => {
    const uncaught: unknown[] = []
    const collect = (error: unknown): void => void uncaught.push(error)
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', collect)
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException')
      for (const listener of listeners) process.on('uncaughtException', listener)
    })
    const { client } = await createClientBench()
    client.subscribe(boom)
    expect(await client.login()).toBeDefined()
    expect(uncaught).not.toEqual([])
  })
})

describe('every public function that returns at once', () => {
  it.each([
    ['createOAuthClient() of nothing', () => createOAuthClient(nothing)],
    ['fromServiceAccount() of what is no JSON', () => fromServiceAccount('{')],
    [
      'assertionSession() without a token endpoint',
      () => assertionSession({ tokenEndpoint: 'token', issuer: 'a', key: 'k', header: { alg: 'RS256' } }),
    ],
  ])('throws a typed error: %s', (_name, act) => {
    expect(act).toThrow(OAuthClientError)
  })
})

describe('fetch()', () => {
  it('rejects as fetch does when the network fails', async () => {
    const failure = new TypeError('Failed to fetch')
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = { respond: () => Promise.reject(failure) }
    await expect(client.fetch('https://api.example/')).rejects.toBe(failure)
  })

  it('rejects with the reason of the signal when it is aborted in flight', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    const controller = new AbortController()
    server.faults = {
      respond: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
          controller.abort()
        }),
    }
    const sending = client.fetch('https://api.example/', { signal: controller.signal })
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' })
  })
})
