import { createOAuth1Client } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createAuthorizationServer } from '../../server/create-server.js'
import { ALICE, SPA, testKeys } from '../../server/test-server.fixture.js'
import { userSite } from '../../site/user-site.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { API, authorize, oauth1World } from './oauth1.fixture.js'
import { oauth1 } from './oauth1.js'
import { storeHooks } from './store-hooks.js'

const bytes = () => crypto.getRandomValues(new Uint8Array(32))

describe('one value of oauth1() in two servers', () => {
  it('keeps the credentials of each server in its own store', async () => {
    const feature = oauth1({ clients: [{ clientId: 'photos', clientSecret: 's' }] })
    const keys = await testKeys()
    const site = userSite({ users: [ALICE] })
    const [one, other] = ['https://a.example', 'https://b.example'].map((issuer) =>
      createAuthorizationServer({ issuer, clients: [SPA], site, keys, features: [feature] }),
    )
    const client = createOAuth1Client({
      consumerKey: 'photos',
      consumerSecret: 's',
      temporaryCredentialsUrl: 'https://a.example/oauth1/initiate',
      authorizationUrl: 'https://a.example/oauth1/authorize',
      tokenCredentialsUrl: 'https://a.example/oauth1/token',
      callbackUrl: 'https://app.example/ready',
      storage: memory(),
      fetch: async (input, init) => one?.fetch(new Request(input, init)) ?? expect.fail('no server'),
    })
    const { token } = await client.temporaryCredentials()
    const page = async (server: typeof one, issuer: string) =>
      (await server?.fetch(new Request(`${issuer}/oauth1/authorize?oauth_token=${token}`)))?.status
    expect([await page(one, 'https://a.example'), await page(other, 'https://b.example')]).toEqual([200, 401])
  })
})

describe('stores that outlive the process', () => {
  it('need a secret, unless the host keeps the credentials itself', async () => {
    const stores = storesOver(memoryStore())
    expect(() => oauth1World({ stores })).toThrow('"stores" needs "secret"')
    expect(() => oauth1World({ stores, hooks: { existsNonce: () => false } })).toThrow('"stores" needs "secret"')
    const feature = oauth1({ clients: [{ clientId: 'photos', clientSecret: 's' }] })
    const keys = await testKeys()
    const options = { issuer: 'https://a.example', clients: [SPA], site: userSite({ users: [ALICE] }), keys, stores }
    expect(() => createAuthorizationServer({ ...options, features: [feature] })).toThrow('"stores" needs "secret"')
    expect(oauth1World({ stores, hooks: storeHooks(memoryStore(), bytes()) }).server.issuer).toBeTruthy()
    expect(oauth1World({ stores, secret: bytes() }).server.issuer).toBeTruthy()
  })

  /** Tokens that were issued under one secret, and a server with another one. */
  async function restarted(changes: (secret: Uint8Array) => Parameters<typeof oauth1World>[0]) {
    const [stores, secret] = [storesOver(memoryStore({ now: () => 0 })), bytes()]
    const before = oauth1World({ stores, secret })
    await authorize(before)
    const pending = await before.client.temporaryCredentials()
    const { accessToken, response } = before.client.getTokenSet() ?? expect.fail('no session')
    const token = { token: accessToken, tokenSecret: String(response['oauth_token_secret']) }
    const errors: unknown[] = []
    const serverHooks = { onError: (error: unknown) => void errors.push(error) }
    const after = oauth1World({ stores, secret: bytes(), serverHooks, ...changes(secret) }, { token })
    return { after, pending, errors }
  }

  it('have no valid credentials under another secret, which is reported', async () => {
    const { after, pending, errors } = await restarted(() => ({}))
    const response = await after.client.fetch(API)
    expect([response.status, await response.json()]).toMatchObject([401, { error: 'invalid_token' }])
    expect((await after.browser.get(after.client.authorizationUrl(pending).href)).status).toBe(401)
    expect(errors).toHaveLength(2)
    expect(String(errors[0])).toContain('"previousSecrets"')
  })

  it('keep their credentials under a new secret if the former one is given', async () => {
    const { after, errors } = await restarted((secret) => ({ previousSecrets: [secret] }))
    expect((await after.client.fetch(API)).status).toBe(200)
    expect(errors).toEqual([])
  })
})
