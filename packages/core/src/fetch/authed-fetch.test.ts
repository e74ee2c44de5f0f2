import { expect, it, vi } from 'vitest'
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

/** A `fetch` with a token, whose API responds with these statuses, one after the other. */
function bench(...statuses: readonly number[]): {
  readonly sent: Sent[]
  readonly authedFetch: (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response>
} {
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
    accessToken: async () => ({ accessToken: `token-${++tokens}`, tokenType: 'bearer' }),
    load: async () => ({
      answerChallenge: (parts, refusal) => answerChallenge(parts, refusal, protocolLoaders.oauth4webapi),
      decodedPath,
      explainFailure: async (_context, cause, isOfApp) => (isOfApp ? new Error('of the app', { cause }) : cause),
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
  vi.unstubAllGlobals()
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
  ['a signal that is none', API, { signal: {} as AbortSignal }],
  ['a password in the URL', 'https://user:secret@api.example/', undefined],
  ['a URL that is none', 'https://', undefined],
])('refuses %s before a token is requested', async (_what, input, init) => {
  const { authedFetch, sent } = bench()
  await expect(authedFetch(input, init)).rejects.toThrow('of the app')
  expect(sent).toEqual([])
})

it('sends no token beside an empty "authorization" of the caller', async () => {
  const { authedFetch, sent } = bench()
  await authedFetch(API, { headers: { Authorization: '' } })
  expect(sent.map(authorizationOf)).toEqual([''])
})
