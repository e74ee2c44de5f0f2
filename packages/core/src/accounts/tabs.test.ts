import { describe, expect, it } from 'vitest'
import { countOf } from '../client/client.fixture.js'
import { failure } from '../protocol/sign-in.fixture.js'
import { FakePage } from '../sign-in/fake-page.fixture.js'
import { createAccountsBench, shown } from './accounts.fixture.js'

/** The same tab after a reload. */
const reloaded = (page: FakePage, address = '/start'): FakePage => new FakePage(address, page.sessionStorage)

describe('a reload', () => {
  it('restores all accounts and the active one of the tab, without a network request', async () => {
    const { open, add, server } = await createAccountsBench()
    const page = new FakePage('/start')
    const accounts = await open({}, page)
    await add(accounts, 'ada')
    const bob = await add(accounts, 'bob')
    await add(accounts, 'carol')
    accounts.switchTo(bob)
    await accounts.close()
    server.log.length = 0
    const again = await open({}, reloaded(page))
    expect(shown(again)).toBe('[bob] ada bob carol')
    expect(again.getSnapshot().status).toBe('ready')
    expect(await again.getSnapshot().client.getAccessToken()).toBe('at-bob')
    expect(server.log).toEqual([])
  })

  it('finds everything encrypted', async () => {
    const { open, user, storage } = await createAccountsBench()
    const accounts = await open()
    user('ada-subject', { org_id: 'org_secret' })
    await accounts.add()
    const written = JSON.stringify([...storage.values], (_key, value: unknown) =>
      value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value,
    )
    for (const secret of ['ada-subject', 'org_secret', 'at-ada', 'rt-ada']) expect(written).not.toContain(secret)
    expect([...storage.values.keys()].some((key) => key.endsWith('/accounts'))).toBe(true)
  })

  it('drops an account whose session is gone, and keeps one that cannot be read', async () => {
    const { open, add, storage } = await createAccountsBench()
    const accounts = await open()
    for (const sub of ['ada', 'bob', 'carol']) await add(accounts, sub)
    const keyOf = (position: number): string =>
      `latchkey/${[...storage.values.keys()].filter((key) => key.endsWith('/session'))[position]?.split('/')[1]}/session`
    const [ada, bob] = [keyOf(0), keyOf(1)]
    await accounts.close()
    storage.values.delete(ada)
    const readable = storage.values.get(bob)
    storage.values.set(bob, 'damaged')
    const again = await open()
    expect(shown(again)).toBe('[carol] carol')
    await again.close()
    storage.values.set(bob, readable)
    expect(shown(await open())).toBe('[carol] bob carol')
  })
})

describe('a callback after a redirect', () => {
  async function leftTab() {
    const bench = await createAccountsBench({ transport: 'redirect', redirectUri: 'https://app.example/cb' })
    const page = new FakePage('/start')
    const accounts = await bench.open({}, page)
    const begin = async (work: () => unknown): Promise<string> => {
      void work()
      return page.leaves().then((address) => {
        const request = new URL(address)
        bench.server.nonce = request.searchParams.get('nonce') ?? undefined
        page.assigned.length = 0
        return `/cb?code=code-1&iss=https://server.example&state=${request.searchParams.get('state')}`
      })
    }
    const add = async (sub: string): Promise<void> => {
      bench.user(sub)
      await accounts.handleCallback(await begin(() => accounts.add()))
    }
    return { ...bench, page, accounts, begin, add }
  }

  it('adds the account, which is the active one, and cleans the address before anything else', async () => {
    const { open, add, begin, user, accounts, page } = await leftTab()
    await add('ada')
    const address = await begin(() => accounts.add({ returnTo: '/orders' }))
    user('bob')
    const next = reloaded(page, address)
    const opening = open({}, next)
    expect(next.location.href).toBe('https://app.example/cb')
    expect(shown(await opening)).toBe('[bob] ada bob')
    expect(next.location.pathname).toBe('/orders')
  })

  it('lands in the account that it is for, and leaves the active one', async () => {
    const { open, add, begin, user, accounts, page } = await leftTab()
    await add('ada')
    await add('bob')
    const [ada, bob] = accounts.getSnapshot().accounts
    const address = await begin(() => ada?.client.login())
    expect(bob).toBe(accounts.getSnapshot().active)
    user('ada', {})
    const again = await open({}, reloaded(page, address))
    expect(shown(again)).toBe('[bob] ada bob')
    expect(await again.getSnapshot().accounts[0]?.client.getAccessToken()).toBe('at-ada')
    expect(await again.getSnapshot().accounts[1]?.client.getAccessToken()).toBe('at-bob')
  })

  it('shows why it failed, beside the account that is active', async () => {
    const { open, add, begin, accounts, page } = await leftTab()
    await add('ada')
    const address = (await begin(() => accounts.add())).replace('code=code-1', 'error=access_denied')
    const again = await open({}, reloaded(page, address))
    expect(shown(again)).toBe('[ada] ada')
    expect(again.getSnapshot().error).toMatchObject({ error: 'access_denied' })
  })

  it('is refused for an account that has another user', async () => {
    const { open, add, begin, user, accounts, page } = await leftTab()
    await add('ada')
    const address = await begin(() => accounts.getSnapshot().client.login())
    user('mallory')
    const again = await open({}, reloaded(page, address))
    expect(shown(again)).toBe('[ada] ada')
    expect(again.getSnapshot().client.getSnapshot().error).toMatchObject({ code: 'account_mismatch' })
  })

  it('changes nothing if it belongs to none', async () => {
    const { accounts } = await leftTab()
    const foreign = 'https://app.example/cb?code=code-1&state=foreign'
    expect(accounts.isCallback(foreign)).toBe(false)
    expect(await accounts.handleCallback(foreign)).toBeUndefined()
  })
})

describe('two tabs', () => {
  it('have all accounts, and each its active one', async () => {
    const { open, add } = await createAccountsBench()
    const [one, two] = [await open(), await open()]
    const ada = await add(one, 'ada')
    await expect.poll(() => shown(two)).toBe('[ada] ada')
    await add(one, 'bob')
    await expect.poll(() => shown(two)).toBe('[ada] ada bob')
    expect(shown(one)).toBe('[bob] ada bob')
    one.switchTo(ada)
    // A new tab begins with the last choice.
    await expect.poll(async () => shown(await open())).toBe('[ada] ada bob')
  })

  it('see a sign-out in each other, of the active account as well', async () => {
    const { open, add } = await createAccountsBench()
    const one = await open()
    const ada = await add(one, 'ada')
    await add(one, 'bob')
    const two = await open()
    one.switchTo(ada)
    expect(shown(two)).toBe('[bob] ada bob')
    await two.signOut(undefined, { local: true })
    expect(shown(two)).toBe('[ada] ada')
    await expect.poll(() => shown(one)).toBe('[ada] ada')
    await one.signOut(undefined, { local: true })
    await expect.poll(() => shown(two)).toBe('[]')
  })

  it('follow an account that is signed in again', async () => {
    const { open, add, server } = await createAccountsBench()
    const one = await open()
    await add(one, 'ada')
    const two = await open()
    await add(one, 'bob')
    await add(one, 'ada')
    await expect.poll(() => shown(two)).toBe('[ada] ada bob')
    await expect.poll(() => two.getSnapshot().client.getSnapshot().status).toBe('signed-in')
    expect(countOf(server, 'POST /revoke')).toBe(0)
  })

  it('add accounts at the same time', async () => {
    const { open, options, user } = await createAccountsBench()
    const [one, two] = [await open(), await open()]
    user('ada')
    await Promise.all([one.add(), failure(two.add())].map((adding) => adding.catch(() => undefined)))
    const again = await open({ ...options })
    expect(shown(again)).toBe('[ada] ada')
  })
})
