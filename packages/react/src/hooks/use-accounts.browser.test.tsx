import { indexedDb } from '@latchkey/core'
import { createAccounts, type Accounts } from '@latchkey/core/accounts'
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { withoutConsoleErrors } from '../fixtures/console-errors.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { AccountsProvider, useAccounts, useAuthedFetch, useOAuth, useToken, useUserInfo } from '../index.js'
import type { TestServer } from '../testing.js'

cleanUpAfterEach()

function open(server: TestServer, options = {}): Accounts {
  const accounts = createAccounts({ ...server.options, scope: 'openid profile email', ...options })
  onTestFinished(() => accounts.close())
  return accounts
}

async function addBoth(server: TestServer, accounts: Accounts): Promise<void> {
  await accounts.start()
  for (const user of ['alice', 'bob']) {
    server.user = user
    await accounts.add()
  }
}

function Menu() {
  const { accounts, active, add, switchTo, signOut, signOutAll, isPending, error } = useAccounts()
  return (
    <div>
      <p data-testid="active">{active?.claims['sub'] ?? 'none'}</p>
      {accounts.map((account) => (
        <button key={account.id} onClick={() => switchTo(account)}>
          {account.claims['sub']}
        </button>
      ))}
      <button onClick={() => void add()}>{isPending ? 'pending' : 'add'}</button>
      <button onClick={() => void signOut(undefined, { local: true })}>sign out</button>
      <button onClick={() => void signOutAll({ local: true })}>sign out all</button>
      <p data-testid="error">{error?.code}</p>
    </div>
  )
}

/** What every hook says of the user. */
function Everything() {
  const { claims } = useOAuth()
  const { claims: ofToken } = useToken()
  const { data } = useUserInfo()
  const fetch = useAuthedFetch()
  const [loaded, setLoaded] = useState<{ readonly by: unknown; readonly owner: string }>()
  useEffect(() => {
    void fetch('https://api.example/').then(async (response) =>
      setLoaded({ by: fetch, ...((await response.json()) as { owner: string }) }),
    )
  }, [fetch])
  const owner = loaded?.by === fetch ? loaded.owner : ''
  const seen = [claims?.['sub'], ofToken?.sub, data?.sub, owner]
  return <p data-testid="seen">{seen.map((one) => one ?? '').join(' ')}</p>
}

/** A query of the app with a key of its own. */
function Orders() {
  const fetch = useAuthedFetch()
  const { data } = useQuery({
    queryKey: ['orders'],
    queryFn: async () => (await fetch('https://api.example/')).json() as Promise<{ owner: string }>,
  })
  return <p data-testid="orders">{data?.owner ?? ''}</p>
}

const text = (id: string): string => screen.getByTestId(id).textContent ?? ''

describe('useAccounts()', () => {
  it('adds accounts of the server, shows the active one, and signs one out', async () => {
    const server = createTestServer()
    const accounts = open(server)
    render(
      <AccountsProvider accounts={accounts}>
        <Menu />
      </AccountsProvider>,
    )
    server.user = 'alice'
    fireEvent.click(await screen.findByText('add'))
    expect(screen.getByText('pending')).toBeTruthy()
    await screen.findByText('alice', { selector: 'button' })
    server.user = 'bob'
    fireEvent.click(await screen.findByText('add'))
    await screen.findByText('bob', { selector: 'button' })
    expect(text('active')).toBe('bob')
    fireEvent.click(screen.getByText('sign out'))
    await expect.poll(() => text('active')).toBe('alice')
    expect(screen.queryByText('bob', { selector: 'button' })).toBeNull()
  })

  it('signs out all', async () => {
    const server = createTestServer()
    const accounts = open(server)
    await addBoth(server, accounts)
    render(
      <AccountsProvider accounts={accounts}>
        <Menu />
      </AccountsProvider>,
    )
    fireEvent.click(await screen.findByText('sign out all'))
    await expect.poll(() => text('active')).toBe('none')
    expect(accounts.getSnapshot().accounts).toEqual([])
  })

  it('has the error of a sign-in until the next attempt', async () => {
    const server = createTestServer()
    const accounts = open(server)
    render(
      <AccountsProvider accounts={accounts}>
        <Menu />
      </AccountsProvider>,
    )
    server.denied()
    fireEvent.click(await screen.findByText('add'))
    await expect.poll(() => text('error')).toBe('authorization_error')
    server.recover()
    fireEvent.click(await screen.findByText('add'))
    expect(text('error')).toBe('')
    await screen.findByText('alice', { selector: 'button' })
  })

  it('throws outside <AccountsProvider>, and the provider without accounts', () => {
    withoutConsoleErrors(() => {
      expect(() => render(<Menu />)).toThrow(/<AccountsProvider>/)
      expect(() => render(<AccountsProvider accounts={undefined as never} />)).toThrow(/<AccountsProvider>/)
    })
  })
})

describe('a switch of the account', () => {
  it('changes every hook at once, with no data of the former account', async () => {
    const server = createTestServer()
    const accounts = open(server)
    await addBoth(server, accounts)
    const seen: string[] = []
    render(
      <AccountsProvider accounts={accounts}>
        <Everything />
      </AccountsProvider>,
    )
    await expect.poll(() => text('seen')).toBe('bob bob bob bob')
    const observer = new MutationObserver(() => seen.push(text('seen')))
    observer.observe(screen.getByTestId('seen'), { childList: true, characterData: true, subtree: true })
    act(() => void accounts.switchTo(accounts.getSnapshot().accounts[0] ?? ''))
    expect(text('seen')).toBe('alice alice  ')
    await expect.poll(() => text('seen')).toBe('alice alice alice alice')
    observer.disconnect()
    expect(seen.filter((line) => line.startsWith('bob'))).toEqual([])
  })

  it('clears the query cache of the app, and refetches what is shown as the next account', async () => {
    const server = createTestServer()
    const accounts = open(server)
    await addBoth(server, accounts)
    const queryClient = new QueryClient()
    queryClient.setQueryData(['unused'], 'of bob')
    render(
      <QueryClientProvider client={queryClient}>
        <AccountsProvider accounts={accounts}>
          <Orders />
        </AccountsProvider>
      </QueryClientProvider>,
    )
    await expect.poll(() => text('orders')).toBe('bob')
    act(() => void accounts.switchTo(accounts.getSnapshot().accounts[0] ?? ''))
    expect(text('orders')).toBe('')
    expect(queryClient.getQueryData(['unused'])).toBeUndefined()
    await expect.poll(() => text('orders')).toBe('alice')
  })
})

describe('a reload in the browser', () => {
  it('restores two accounts and the active one from IndexedDB, without a request to the server', async () => {
    const server = createTestServer()
    const options = { storage: indexedDb(`accounts-${crypto.randomUUID()}`), name: crypto.randomUUID() }
    const first = open(server, options)
    await addBoth(server, first)
    first.switchTo(first.getSnapshot().accounts[0] ?? '')
    await first.close()
    const { length } = server.requests
    const again = open(server, options)
    render(
      <AccountsProvider accounts={again}>
        <Menu />
      </AccountsProvider>,
    )
    await screen.findByText('bob', { selector: 'button' })
    expect(text('active')).toBe('alice')
    expect(server.requests).toHaveLength(length)
  })
})
