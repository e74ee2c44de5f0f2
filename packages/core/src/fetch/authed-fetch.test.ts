import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { AccessToken } from '../protocol/token-set.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { OAuthClientError } from '../errors/errors.js'
import { protocolLoaders } from '../grants/lazy.js'
import { createAuthedFetch, type FetchContext } from './authed-fetch.js'
import { answerChallenge } from './answer-challenge.js'
import { decodedPath } from './decoded-path.js'
import type { AuthedRequestInit } from './fetch-options.js'
import { createResourceList } from './resource-list.js'

const API = 'https://api.example/'

interface Sent {
  readonly input: RequestInfo | URL
  readonly request: Request
}

type PresentToken = (options: AccessTokenOptions) => AccessToken | undefined

/** A `fetch` with a token, whose API responds with these statuses, one after the other. */
function bench(...statuses: readonly number[]): Bench {
  return benchWith(undefined, ...statuses)
}

interface Bench {
  readonly sent: Sent[]
  readonly authedFetch: (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response>
}

/** @param present returns the fresh token that the page has */
function benchWith(present: PresentToken | undefined, ...statuses: readonly number[]): Bench {
  const sent: Sent[] = []
  let tokens = 0
  const authedFetch = createAuthedFetch<FetchContext>({
    context: {
      environment: {
        now: () => 0,
        fetch: async (input, init) => {
          sent.push({ input, request: new Request(input, init) })
          return new Response('{}', { status: statuses[sent.length - 1] ?? 200 })
        },
      },
      options: {},
    },
    resources: createResourceList([API], undefined),
    sessionSignal: () => new AbortController().signal,
    accessToken: (options) => present?.(options) ?? Promise.resolve({ accessToken: `token-${++tokens}`, tokenType: 'bearer' }),
    load: async () => ({
      answerChallenge: (parts, refusal) => answerChallenge(parts, refusal, protocolLoaders.oauth4webapi),
      decodedPath,
      explainFailure: async (_context, cause, isOfApp) =>
        isOfApp && !(cause instanceof OAuthClientError) ? new Error('of the app', { cause }) : cause,
      sendSpecial: () => Promise.reject(new Error('nothing is special here')),
    }),
  })
  return { sent, authedFetch }
}

const authorizationOf = ({ request }: Sent): string | null => request.headers.get('authorization')

it('makes no request object for a call with simple arguments', async () => {
  const { authedFetch, sent } = bench()
  const { signal } = new AbortController()
  const Native = Request
  const made = vi.fn()
  onTestFinished(() => void vi.unstubAllGlobals())
  vi.stubGlobal(
    'Request',
    class extends Native {
      constructor(...given: ConstructorParameters<typeof Native>) {
        made()
        super(...given)
      }
    },
  )
  await authedFetch(API)
  await authedFetch(new URL(API), { method: 'POST', body: 'text', headers: { 'x-test': '1' }, signal })
  // The fake server makes one of each.
  expect(made).toHaveBeenCalledTimes(2)
  expect(sent.map(({ input }) => input)).toEqual([API, API])
  expect(sent.map(authorizationOf)).toEqual(['Bearer token-1', 'Bearer token-2'])
  expect(sent[1]?.request.headers.get('x-test')).toBe('1')
})

it.each([
  ['a text', { method: 'POST', body: 'text' }],
  ['a form', { method: 'POST', body: new URLSearchParams('text') }],
  ['bytes', { method: 'PATCH', body: new TextEncoder().encode('text') }],
] as const)('sends %s again with another token after a refusal', async (_what, init) => {
  const { authedFetch, sent } = bench(401)
  expect((await authedFetch(API, init)).status).toBe(200)
  expect(sent.map(authorizationOf)).toEqual(['Bearer token-1', 'Bearer token-2'])
  expect(await Promise.all(sent.map(({ request }) => request.text()))).toEqual([
    expect.stringContaining('text'),
    expect.stringContaining('text'),
  ])
})

it('sends what the caller passed at the time of the call', async () => {
  const { authedFetch, sent } = bench()
  const init = { method: 'POST', body: 'first', headers: new Headers({ 'x-test': 'first' }) }
  const call = authedFetch(API, init)
  init.body = 'second'
  init.headers.set('x-test', 'second')
  await call
  expect(await sent[0]?.request.text()).toBe('first')
  expect(sent[0]?.request.headers.get('x-test')).toBe('first')
  expect(init.headers.has('authorization')).toBe(false)
})

it.each([
  ['a body in a GET request', API, { body: 'text' }],
  ['an invalid method', API, { method: 'not a method' }],
  ['an invalid header', API, { headers: { 'not a name': '1' } }],
  ['an invalid signal', API, { signal: {} as AbortSignal }],
  ['a password in the URL', 'https://user:secret@api.example/', undefined],
  ['an invalid URL', 'https://', undefined],
])('refuses %s before a token is requested', async (_what, input, init) => {
  const { authedFetch, sent } = bench()
  await expect(authedFetch(input, init)).rejects.toThrow('of the app')
  expect(sent).toEqual([])
})

it.each(['', 'Basic x'])('sends no token beside the "authorization" of the caller: "%s"', async (value) => {
  const { authedFetch, sent } = bench()
  await authedFetch(API, { headers: { Authorization: value } })
  expect(sent.map(authorizationOf)).toEqual([value])
})

it('sends a call with a fresh token before anything is awaited, and asks for another one only after a refusal', async () => {
  const { authedFetch, sent } = benchWith(
    ({ forceRefresh }) => (forceRefresh ? undefined : { accessToken: 'present', tokenType: 'Bearer' }),
    200,
    401,
  )
  const call = authedFetch(API)
  expect(sent.map(authorizationOf)).toEqual(['Bearer present'])
  expect((await call).status).toBe(200)
  expect((await authedFetch(API)).status).toBe(200)
  expect(sent.map(authorizationOf)).toEqual(['Bearer present', 'Bearer present', 'Bearer token-1'])
})

it('asks for the fresh token of the resource and the scope of the call', async () => {
  const present = vi.fn<PresentToken>()
  const { authedFetch, sent } = benchWith(present)
  await authedFetch(API, { resource: 'https://other.example/' })
  expect(present).toHaveBeenCalledExactlyOnceWith({ resource: 'https://other.example/', scope: undefined, signal: undefined })
  expect(sent.map(authorizationOf)).toEqual(['Bearer token-1'])
})

it('reads a relative URL anew when the base of the page has changed', async () => {
  const { authedFetch, sent } = bench()
  onTestFinished(() => void vi.unstubAllGlobals())
  for (const path of ['a', 'b', 'a']) {
    vi.stubGlobal('document', { baseURI: `${API}${path}/` })
    await authedFetch('me')
  }
  vi.stubGlobal('document', { baseURI: 'https://elsewhere.example/' })
  await expect(authedFetch('me')).rejects.toMatchObject({ code: 'resource_not_allowed' })
  expect(sent.map(({ request }) => request.url)).toEqual([`${API}a/me`, `${API}b/me`, `${API}a/me`])
})

it.each([
  ['names in upper case', { 'X-Test': 'a' }],
  ['the same name twice', { 'x-test': 'a', 'X-TEST': 'b' }],
  ['spaces around a value', { 'x-test': ' a ' }],
  ['an empty value', { 'x-test': '' }],
  ['pairs', [['x-test', 'a']] as [string, string][]],
  ['a name of the prototype', { constructor: 'a' }],
])('sends headers as fetch() does: %s', async (_what, headers) => {
  const { authedFetch, sent } = bench()
  await authedFetch(API, { headers: headers as Record<string, string> })
  const plain = new Headers(headers as Record<string, string>)
  plain.set('authorization', 'Bearer token-1')
  expect(Object.fromEntries(sent[0]?.request.headers ?? [])).toEqual(Object.fromEntries(plain))
})

it.each([{ 'x-test': 'a\nb' }, { 'x-test': 'a\u0100' }])('refuses the header %o before a token is requested', async (headers) => {
  const { authedFetch, sent } = bench()
  await expect(authedFetch(API, { headers: headers as Record<string, string> })).rejects.toThrow('of the app')
  expect(sent).toEqual([])
})

it('waits for a promise of another realm, or of a library that replaces the global one', async () => {
  const { sent, authedFetch } = benchWith(() => {
    const token = Promise.resolve({ accessToken: 'late', tokenType: 'bearer' })
    return runInNewContext('(async () => token)()', { token }) as never
  })
  await authedFetch(API)
  expect(sent.map(authorizationOf)).toEqual(['Bearer late'])
})
