import { createOAuthClient, NetworkError } from '@latchkey/core'
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import { memo, StrictMode, type ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { authedQueryOptions, OAuthProvider, useAuthedFetch, useAuthedQuery, useOAuth, useUserInfo } from '../index.js'
import { retry, retryDelay } from './query-retry.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

const owner = (response: Response): Promise<{ owner: string }> => response.json() as Promise<{ owner: string }>

describe('useUserInfo()', () => {
  function Email() {
    const { data, isPending, fetchStatus } = useUserInfo({ select: ({ email }) => email })
    return <p>{isPending ? fetchStatus : data}</p>
  }

  it('fetches UserInfo once for all components, without a query client of the app', async () => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    render(
      <OAuthProvider client={client}>
        <Email />
        <Email />
      </OAuthProvider>,
    )
    expect(await screen.findAllByText('idle')).toHaveLength(2)
    await act(() => client.login())
    expect(await screen.findAllByText('alice@example.com')).toHaveLength(2)
    expect(server.count('userinfo')).toBe(1)
  })

  it('fetches once under StrictMode, which mounts everything twice', async () => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    await client.login()
    render(
      <StrictMode>
        <OAuthProvider client={client}>
          <Email />
        </OAuthProvider>
      </StrictMode>,
    )
    expect(await screen.findByText('alice@example.com')).toBeDefined()
    expect(server.count('userinfo')).toBe(1)
  })

  it.each([
    [
      'the QueryClientProvider above',
      (queryClient: QueryClient, app: ReactNode) => <QueryClientProvider client={queryClient}>{app}</QueryClientProvider>,
    ],
    ['the provider’s queryClient', (_: QueryClient, app: ReactNode) => app],
  ])('uses the query cache of %s, with a key of the client and its user', async (_, wrap) => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    await client.login()
    const queryClient = new QueryClient()
    const app = (
      <OAuthProvider client={client} queryClient={queryClient}>
        <Email />
      </OAuthProvider>
    )
    render(wrap(queryClient, app))
    await screen.findByText('alice@example.com')
    const { issuer, clientId } = server.options
    expect(queryClient.getQueryData(['latchkey', { issuer, clientId, name: undefined }, 'alice', 'userinfo'])).toMatchObject({
      sub: 'alice',
    })
  })

  it('rejects a response for another "sub", and does not retry it', async () => {
    // covers B-039
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    await client.login()
    server.respond(({ url }) => (url.endsWith('/userinfo') ? Response.json({ sub: 'mallory' }) : undefined))
    function Failure() {
      const { error } = useUserInfo()
      return <p>{error?.code}</p>
    }
    render(
      <OAuthProvider client={client}>
        <Failure />
      </OAuthProvider>,
    )
    await screen.findByText('userinfo_error')
    expect(server.count('userinfo')).toBe(1)
  })
})

describe('retry rules', () => {
  it('retries retryable errors three times, and no others', () => {
    const transient = new NetworkError('network', 'gone', { retryable: true })
    expect([0, 1, 2, 3].map((failures) => retry(failures, transient))).toEqual([true, true, true, false])
    expect(retry(0, new NetworkError('network', 'gone'))).toBe(false)
    expect(retry(0, new Error('not an OAuthClientError'))).toBe(false)
  })

  it('waits for Retry-After, else doubles the delay each time', () => {
    expect(retryDelay(0, new NetworkError('rate_limited', 'wait', { retryAfterSeconds: 7 }))).toBe(7000)
    expect([0, 1, 2, 9].map((failures) => retryDelay(failures, new Error('x')))).toEqual([1000, 2000, 4000, 30_000])
  })
})

describe('useAuthedFetch() and useAuthedQuery()', () => {
  it('sends the token to the API, with the same function in every render', async () => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    await client.login()
    const fetches = new Set<ReturnType<typeof useAuthedFetch>>()
    function Fetcher() {
      fetches.add(useAuthedFetch())
      return <p>{useOAuth().activity}</p>
    }
    render(
      <OAuthProvider client={client}>
        <Fetcher />
      </OAuthProvider>,
    )
    await client.refresh()
    await act(async () => undefined)
    const [authedFetch = fetch, ...others] = fetches
    expect(others).toEqual([])
    expect(await owner(await authedFetch('https://api.example/me'))).toEqual({ owner: 'alice' })
    await expect(authedFetch('https://elsewhere.example/')).rejects.toMatchObject({ code: 'resource_not_allowed' })
  })

  it('fetches for the signed-in user, and shares the query with route loaders', async () => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    const queryClient = new QueryClient()
    const query = {
      queryKey: ['me'],
      queryFn: (authedFetch: ReturnType<typeof useAuthedFetch>) => authedFetch('https://api.example/me').then(owner),
    }
    function Owner() {
      const { data, fetchStatus } = useAuthedQuery({ ...query, select: (me) => me.owner })
      return <p>{data ?? fetchStatus}</p>
    }
    render(
      <OAuthProvider client={client} queryClient={queryClient}>
        <Owner />
      </OAuthProvider>,
    )
    await screen.findByText('idle')
    expect(server.count('api')).toBe(0)
    await act(() => client.login())
    await screen.findByText('alice')
    expect(await queryClient.ensureQueryData(authedQueryOptions(client, query))).toEqual({ owner: 'alice' })
    expect(server.count('api')).toBe(1)
  })
})

describe('the app’s query cache when the user changes', () => {
  /** Its key contains no user, as in most apps, and it never renders by itself. */
  const Orders = memo(function Orders() {
    const authedFetch = useAuthedFetch()
    const { data } = useQuery({
      queryKey: ['orders'],
      queryFn: () => authedFetch('https://api.example/orders').then(owner),
      retry: false,
    })
    return <p>orders of {data?.owner ?? 'no user'}</p>
  })

  function setUp(props: { readonly clearQueryCacheOnUserChange?: boolean } = {}) {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    const queryClient = new QueryClient()
    const app = (
      <QueryClientProvider client={queryClient}>
        <OAuthProvider client={client} {...props}>
          <Orders />
        </OAuthProvider>
      </QueryClientProvider>
    )
    return { server, client, queryClient, app }
  }

  it('never shows the previous user’s data to the next user, whose data is fetched', async () => {
    const { server, client, queryClient, app } = setUp()
    await client.login()
    queryClient.setQueryData(['invoices'], 'of alice')
    render(app)
    await screen.findByText('orders of alice')
    server.user = 'bob'
    await act(() => client.login())
    expect(screen.queryByText('orders of alice')).toBeNull()
    await screen.findByText('orders of bob')
    expect(queryClient.getQueryData(['invoices'])).toBeUndefined()
  })

  it('drops requests of the previous user that are in flight', async () => {
    const { server, client, queryClient, app } = setUp()
    await client.login()
    let release: (response: Response) => void = () => undefined
    server.respond(({ url }) => {
      if (!url.endsWith('/orders') || server.user === 'bob') return undefined
      return new Promise<Response>((resolve) => (release = resolve))
    })
    render(app)
    await waitFor(() => expect(server.count('api')).toBe(1))
    server.user = 'bob'
    await act(() => client.login())
    await screen.findByText('orders of bob')
    await act(async () => release(Response.json({ owner: 'alice' })))
    expect(queryClient.getQueryData(['orders'])).toEqual({ owner: 'bob' })
  })

  it('is cleared at a sign-out', async () => {
    const { client, queryClient, app } = setUp()
    await client.login()
    queryClient.setQueryData(['invoices'], 'of alice')
    render(app)
    await screen.findByText('orders of alice')
    await act(() => client.logout({ local: true }))
    await screen.findByText('orders of no user')
    expect(queryClient.getQueryData(['invoices'])).toBeUndefined()
  })

  it('is kept at a refresh', async () => {
    const { client, queryClient, app } = setUp()
    await client.login()
    queryClient.setQueryData(['invoices'], 'of alice')
    render(app)
    await screen.findByText('orders of alice')
    await act(() => client.refresh())
    expect(queryClient.getQueryData(['invoices'])).toBe('of alice')
  })

  it('is kept with clearQueryCacheOnUserChange={false}, except for UserInfo', async () => {
    const { client, queryClient, app } = setUp({ clearQueryCacheOnUserChange: false })
    await client.login()
    queryClient.setQueryData(['invoices'], 'of alice')
    queryClient.setQueryData(['latchkey', {}, 'alice', 'userinfo'], { sub: 'alice' })
    render(app)
    await screen.findByText('orders of alice')
    await act(() => client.logout({ local: true }))
    expect(queryClient.getQueryData(['invoices'])).toBe('of alice')
    expect(queryClient.getQueryData(['latchkey', {}, 'alice', 'userinfo'])).toBeUndefined()
  })

  it('treats a second sign-in without an ID token as another user', async () => {
    const { server, queryClient } = setUp()
    const client = createOAuthClient({ ...server.options, scope: 'profile' })
    await client.login()
    expect(client.getTokenSet()?.claims).toBeUndefined()
    queryClient.setQueryData(['invoices'], 'of alice')
    render(
      <OAuthProvider client={client} queryClient={queryClient}>
        app
      </OAuthProvider>,
    )
    await act(() => client.refresh())
    expect(queryClient.getQueryData(['invoices'])).toBe('of alice')
    await act(() => client.login())
    expect(queryClient.getQueryData(['invoices'])).toBeUndefined()
  })
})
