import { onTestFinished } from 'vitest'
import { instantTransport } from '../client/client.fixture.js'
import { createTestServer, issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import { FakePage } from '../sign-in/fake-page.fixture.js'
import { type SharedStorage, sharedStorage } from '../storage/shared-storage.fixture.js'
import type { Account, Accounts, AddAccountOptions } from './account.js'
import type { AccountsOptions } from './accounts-options.js'
import { createAccounts } from './create-accounts.js'

/** A browser with an authorization server, in which tabs are opened. */
export interface AccountsBench {
  readonly server: TestServer
  readonly storage: SharedStorage
  readonly options: AccountsOptions
  /** The user whom the server signs in next, with further claims. Tokens name the user. */
  readonly user: (sub: string, claims?: Readonly<Record<string, unknown>>) => void
  /** The URLs of the authorization requests, in order. */
  readonly requests: URL[]
  /** Opens and starts a tab. */
  readonly open: (options?: Partial<AccountsOptions>, page?: FakePage) => Promise<Accounts>
  /** Signs a user in to a tab. */
  readonly add: (accounts: Accounts, sub: string, options?: AddAccountOptions) => Promise<Account>
  /** Milliseconds that all clocks are put forward by. */
  readonly advance: (ms: number) => void
}

export async function createAccountsBench(shared: Partial<AccountsOptions> = {}): Promise<AccountsBench> {
  const server = await createTestServer()
  const storage = sharedStorage()
  const requests: URL[] = []
  const clock = { offset: 0 }
  server.authTime = server.now()
  server.now = () => Math.floor((Date.now() + clock.offset) / 1000)
  const options = {
    issuer,
    clientId: 'client-1',
    name: crypto.randomUUID(),
    redirectUri,
    scope: 'openid profile',
    transport: notingTransport(server, requests),
    resources: ['https://api.example/'],
    storage,
    fetch: server.fetch,
    now: () => Date.now() + clock.offset,
    ...shared,
  } as AccountsOptions
  const user: AccountsBench['user'] = (sub, claims = {}) => {
    const token = { access_token: `at-${sub}`, refresh_token: `rt-${sub}` }
    server.faults = { ...server.faults, claims: { sub, at_hash: undefined, ...claims }, token }
  }
  return {
    server,
    storage,
    options,
    requests,
    user,
    advance: (ms) => (clock.offset += ms),
    async open(own = {}, page = new FakePage('/start')) {
      const accounts = createAccounts({ ...options, environment: { window: page.window }, ...own })
      onTestFinished(() => accounts.close())
      await accounts.start()
      return accounts
    },
    async add(accounts, sub, addOptions) {
      user(sub)
      const account = await accounts.add(addOptions)
      if (!account) throw new TypeError('the sign-in returned no account')
      return account
    },
  }
}

function notingTransport(server: TestServer, requests: URL[]): AccountsOptions['transport'] {
  const instant = instantTransport(server)
  return {
    name: 'test',
    prepare(...given) {
      const navigation = instant.prepare(...given)
      return {
        ...navigation,
        navigate: (request) => {
          requests.push(request.url)
          return navigation.navigate(request)
        },
      }
    },
  }
}

/** The subjects of the accounts, the active one first in brackets. */
export function shown(accounts: Accounts): string {
  const { accounts: all, active } = accounts.getSnapshot()
  return [`[${active?.claims.sub ?? ''}]`, ...all.map(({ claims }) => String(claims.sub))].join(' ')
}
