import { memory, type Transport } from '@latchkey/core'
import { createAccounts } from '@latchkey/core/accounts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { asPage, locationOf, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'

const PASSWORDS = { alice: 'wonderland', bob: 'builder' } as const

/** Accounts of one browser at our server, which keeps one session in each browser. */
async function openBrowser(scope: string) {
  const { server, clock } = await testServer()
  const browser = testBrowser(server)
  const pages: string[] = []
  let user: keyof typeof PASSWORDS = 'alice'
  const transport: Transport = {
    name: 'test browser',
    prepare: () => ({
      async navigate({ url }) {
        let page = await asPage(await browser.get(url.href), url.href)
        pages.push(/<h1[^>]*>([^<]*)/.exec(page.text)?.[1] ?? '')
        if (page.text.includes('value="switch"')) page = await asPage(await browser.submit(page, { action: 'switch' }), url.href)
        return locationOf(await browser.submit(page, { action: 'sign-in', username: user, password: PASSWORDS[user] }))
      },
      cancel: () => undefined,
    }),
  }
  const accounts = createAccounts({
    issuer: ISSUER,
    clientId: SPA.clientId,
    redirectUri: SPA.redirectUris[0],
    scope,
    transport,
    storage: memory(),
    now: clock.now,
    fetch: (input, init) => server.fetch(new Request(input, init)),
  })
  onTestFinished(() => accounts.close())
  await accounts.start()
  const add = async (next: keyof typeof PASSWORDS) => {
    user = next
    const account = await accounts.add()
    if (!account) throw new TypeError('no account')
    return account
  }
  return { accounts, add, pages }
}

describe('several accounts at our server', () => {
  it('are selected on its page, and both can be refreshed with the scope offline_access', async () => {
    const { accounts, add, pages } = await openBrowser('openid profile offline_access')
    const alice = await add('alice')
    const bob = await add('bob')
    expect(pages).toEqual(['Sign in', 'Choose an account'])
    expect(accounts.getSnapshot().accounts.map(({ claims }) => claims.sub)).toEqual(['alice', 'bob'])
    expect([(await alice.client.refresh()).claims?.sub, (await bob.client.refresh()).claims?.sub]).toEqual(['alice', 'bob'])
  })

  it('end with the session of the browser without that scope, as the server decides', async () => {
    const { add } = await openBrowser('openid profile')
    const alice = await add('alice')
    const bob = await add('bob')
    await expect(alice.client.refresh()).rejects.toMatchObject({ code: 'token_invalid' })
    expect((await bob.client.refresh()).claims?.sub).toBe('bob')
  })
})
