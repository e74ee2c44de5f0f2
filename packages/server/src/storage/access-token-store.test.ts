import { expect, it } from 'vitest'
import { json, redeem, signIn, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { testServer } from '../server/test-server.fixture.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { accessTokenStore } from './access-token-store.js'
import type { AtomicStore } from './atomic-store.js'
import { storesOver } from './stores.js'

/** A store that copies values without JSON, as that of `@latchkey/vite` does: it returns members that are undefined. */
function cloningStore(): AtomicStore {
  const values = new Map<string, unknown>()
  const set = (key: string, value: unknown): Promise<void> => Promise.resolve(void values.set(key, structuredClone(value)))
  return {
    get: <Value>(key: string) => Promise.resolve(structuredClone(values.get(key)) as Value | undefined),
    set,
    add: async (key, value) => !values.has(key) && set(key, value).then(() => true),
    delete: (key) => Promise.resolve(void values.delete(key)),
  }
}

const RECORD = {
  token: 'digest',
  clientId: 'web',
  grantType: 'authorization_code',
  scope: [],
  families: ['f'],
  data: {},
  issuedAt: 1,
}

it('finds a token with its digest in a store that keeps undefined members', async () => {
  const tokens = accessTokenStore(cloningStore())
  await tokens.saveToken(RECORD)
  await tokens.saveRefreshToken(RECORD)
  expect(await tokens.findByToken('digest')).toMatchObject({ token: 'digest', data: {} })
  expect(await tokens.findByRefreshToken('digest')).toMatchObject({ token: 'digest', data: {} })
})

it('accepts the refresh tokens of several sessions there', async () => {
  const { server, clock } = await testServer({
    grants: [authorizationCode(), refreshToken()],
    stores: storesOver(cloningStore()),
  })
  for (let session = 0; session < 2; session += 1) {
    const code = (await signIn(testBrowser(server))).searchParams.get('code') ?? ''
    const { refresh_token: token = '' } = await json(await redeem(server, code))
    // Longer than the grace period, in which a refresh token may be used again.
    clock.advance(11)
    const body = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: token }
    expect(await json(await server.fetch(tokenRequest(body)))).toHaveProperty('access_token')
  }
})
