// cspell:ignore scopes clientt fallbck returnto
import { ConfigurationError, createOAuthClient } from '@latchkey/core'
import { createElement, type FunctionComponent } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import * as latchkey from '../index.js'
import { OAuthDevtools } from '../devtools.js'
import { createTestClient, TestOAuthProvider } from '../testing.js'

const settings = { issuer: 'https://id.example', clientId: 'app' }

/** As in JavaScript, where no type reports a misspelled name. */
const untyped = latchkey as unknown as Readonly<Record<string, (options?: unknown) => unknown>>

function renderHook(name: string, options: unknown): string {
  const App = (): string => (untyped[name]?.(options), 'rendered')
  return renderToString(createElement(latchkey.OAuthProvider, settings, createElement(App)))
}

function renderComponent(component: unknown, props: object): string {
  const child = createElement(component as FunctionComponent, props as never)
  return renderToString(createElement(latchkey.OAuthProvider, settings, child))
}

const refusal = (words: string) =>
  expect.objectContaining({ code: 'configuration', message: expect.stringContaining(words) as string }) as Error

describe('in development, hooks refuse', () => {
  it.each<readonly [name: string, options: unknown, words: string]>([
    ['useIdleTimeout', { timeout: 5 }, 'Did you mean "timeoutSeconds"?'],
    ['useIdleTimeout', { timeoutSeconds: '5' }, '"timeoutSeconds" must be number'],
    ['useIdleTimeout', undefined, 'expected an object with options'],
    ['useToken', { scopes: 'a' }, 'Did you mean "scope"?'],
    ['useToken', { scope: 5 }, '"scope" must be string | list'],
    ['useToken', 'google', 'expected an object with options'],
    ['useAuthedFetch', { resources: 'https://api.example/' }, 'Did you mean "resource"?'],
    ['useSessionMonitor', { interval: 5 }, 'Did you mean "intervalSeconds"?'],
    ['useUserInfo', { clientt: 'a' }, 'Did you mean "client"?'],
    ['useUserInfo', { client: {} }, '"client" must be string'],
    ['useUserInfo', { enable: false }, 'Did you mean "enabled"?'],
    ['useUserInfo', 'google', 'expected an object with options'],
    ['useAuthedQuery', { queryKey: ['a'], queryFn: () => 1, Client: 'a' }, 'Did you mean "client"?'],
    ['useAuthedQuery', { queryKey: ['a'], queryFn: () => 1, resources: 'a' }, 'Did you mean "resource"?'],
    ['useAuthedQuery', { queryKey: 'a', queryFn: () => 1 }, '"queryKey" must be list'],
    ['useAuthedQuery', { queryKey: ['a'] }, '"queryFn" must be function'],
    ['useAuthedQuery', undefined, 'expected an object with options'],
    ['useLogin', { prompt: 'login' }, 'Pass them to its function'],
    ['useLogout', { local: true }, 'Pass them to its function'],
    ['useDeviceLogin', { scope: 'a' }, 'Pass them to its function'],
    ['useOAuth', { client: 'google' }, 'Pass them to its function'],
    ['useUser', { client: 'google' }, 'Pass them to its function'],
    ['useSuspenseUser', { client: 'google' }, 'Pass them to its function'],
  ])('%s(%j)', (name, options, words) => {
    expect(() => renderHook(name, options)).toThrow(refusal(words))
  })

  it.each([
    ['useToken', { client: undefined, scope: 'a' }],
    ['useToken', { scope: ['a'] }],
    ['useUserInfo', { client: 'default', select: () => 1, staleTime: 5, retry: false, refetchOnMount: 'always' }],
    ['useAuthedFetch', { resource: 'https://api.example/' }],
    ['useSessionMonitor', { intervalSeconds: 5 }],
    ['useIdleTimeout', { timeoutSeconds: 5, warnSeconds: 1, logout: {} }],
  ])('nothing of %s(%j)', (name, options) => {
    expect(renderHook(name, options)).toBe('rendered')
  })
})

/** All options of `useQuery` in TanStack Query 5, and of its observers. */
const QUERY_OPTIONS =
  '_defaulted _optimisticResults behavior enabled experimental_prefetchInRender gcTime initialData initialDataUpdatedAt maxPages meta ' +
  'networkMode notifyOnChangeProps persister placeholderData queryHash queryKey queryKeyHashFn refetchInterval refetchIntervalInBackground ' +
  'refetchOnMount refetchOnReconnect refetchOnWindowFocus retry retryDelay retryOnMount select staleTime structuralSharing subscribed suspense ' +
  'throwOnError'

it('passes all options of TanStack Query through', () => {
  const client = createOAuthClient(settings)
  const others = QUERY_OPTIONS.split(' ').filter((name) => name !== 'enabled' && name !== 'queryKey')
  const options = Object.fromEntries(others.map((name) => [name, true]))
  const query = { ...options, queryKey: ['a'], queryFn: () => 1 }
  expect(latchkey.authedQueryOptions(client, query as never)).toMatchObject(options)
  expect(() => latchkey.authedQueryOptions(client, null as never)).toThrow(ConfigurationError)
  expect(renderHook('useUserInfo', { client: 'default', ...options, suspense: false })).toBe('rendered')
})

it.each<readonly [component: unknown, props: object, words: string]>([
  [latchkey.RequireSignIn, { fallbck: 'wait' }, '<RequireSignIn> has no option "fallbck". Did you mean "fallback"?'],
  [latchkey.RequireSignIn, { client: {} }, '"client" must be string'],
  [latchkey.SignedIn, { clients: 'a' }, 'Did you mean "client"?'],
  [latchkey.SignedOut, { fallback: 'a' }, '<SignedOut> has no option "fallback"'],
  [OAuthDevtools, { initialOpen: true }, 'Did you mean "initiallyOpen"?'],
  [latchkey.OAuthProvider, { ...settings, onSignIn: () => undefined }, 'Did you mean "onSignedIn"?'],
  [TestOAuthProvider, { client: createTestClient(), onSignIn: () => undefined }, '<TestOAuthProvider> has no option "onSignIn"'],
])('in development, a component refuses misspelled props %#', (component, props, words) => {
  const child = (component as { readonly name: string }).name.endsWith('Provider')
    ? () => renderToString(createElement(component as FunctionComponent, props as never))
    : () => renderComponent(component, props)
  expect(child).toThrow(refusal(words))
})

it('refuses misspelled options of withSignIn() in development', () => {
  const wrap = (): unknown => latchkey.withSignIn(() => null, { fallbck: 'wait' } as never)
  expect(wrap).toThrow(refusal('withSignIn() has no option "fallbck". Did you mean "fallback"?'))
})

describe('requireSignIn()', () => {
  const client = createTestClient({ session: 'signed-in' })
  const request = { url: 'https://app.example/orders' }

  it.each<readonly [options: unknown, words: string]>([
    [{ prompt: 'login' }, 'has no option "prompt"'],
    [{ return_to: '/a' }, 'Did you mean "returnTo"?'],
    [{ request, returnto: '/a' }, 'Did you mean "returnTo"?'],
    [{ request, loginOption: {} }, 'Did you mean "loginOptions"?'],
    [{ request, loginOptions: 'login' }, '"loginOptions" must be object'],
    [null, 'expected an object with options'],
  ])('refuses %j in development', async (options, words) => {
    await expect(latchkey.requireSignIn(client, options as never)).rejects.toMatchObject(refusal(words))
  })

  it.each([undefined, null, {}, 'client'])('rejects with a typed error for the client %j', async (none) => {
    await expect(latchkey.requireSignIn(none as never)).rejects.toBeInstanceOf(ConfigurationError)
  })

  it('takes the arguments of loaders', async () => {
    const url = new URL(request.url)
    const reactRouter = {
      request,
      params: {},
      context: {},
      pattern: '/orders',
      url,
      unstable_pattern: '/orders',
      unstable_url: url,
    }
    const tanStack = {
      location: { href: '/orders' },
      preload: false,
      search: {},
      params: {},
      context: {},
      navigate: () => undefined,
      buildLocation: () => undefined,
      abortController: new AbortController(),
      cause: 'enter',
      matches: [],
      routeId: '/orders',
      deps: {},
      route: {},
      parentMatchPromise: Promise.resolve(),
      ssr: true,
      serverContext: {},
    }
    for (const given of [reactRouter, tanStack, undefined, {}, { preload: false }])
      expect(await latchkey.requireSignIn(client, given as never)).toMatchObject({ sub: 'test-user' })
  })
})
