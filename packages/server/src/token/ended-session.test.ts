import { expect, it } from 'vitest'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { testClock, testServer } from '../server/test-server.fixture.js'
import type { AuthCodeStore } from '../storage/auth-code-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'

/** As a host's own store may be, which has no use for the second argument. */
const withoutNotice = (store: AuthCodeStore): AuthCodeStore => ({
  saveCode: (record) => store.saveCode(record),
  takeCode: (code) => store.takeCode(code),
})

it.each([
  ['over a key-value store', (store: AuthCodeStore) => store],
  ['over a store of codes that takes only the code', withoutNotice],
])('a code is not redeemed after the sign-out of its session, %s', async (_, asHostHasIt) => {
  const clock = testClock()
  const stores = storesOver(memoryStore({ now: clock.now }))
  const { server } = await testServer({ stores: { ...stores, authCodes: asHostHasIt(stores.authCodes) } }, clock)
  const browser = testBrowser(server)
  const tokens = await json(await redeem(server, (await signIn(browser)).searchParams.get('code') ?? ''))
  expect(tokens).toHaveProperty('access_token')
  const code = locationOf(await browser.get(authorizePath())).searchParams.get('code') ?? ''
  await browser.get(`/oauth/end-session?id_token_hint=${tokens['id_token']}`)
  const refused = await json(await redeem(server, code))
  expect(refused).toMatchObject({ error: 'invalid_grant', error_description: expect.stringContaining('session') })
})
