import { findSignatureMethod, type SignatureMethod } from '@latchkey/oauth1/signature'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { createAuthorizationServer } from '../../server/create-server.js'
import { ALICE, SPA, testClock, testKeys } from '../../server/test-server.fixture.js'
import { userSite } from '../../site/user-site.js'
import { API, authorize, oauth1World } from './oauth1.fixture.js'
import { createOAuth1Server, oauth1, oauth1StoreHooks, revokeOAuth1Token, verifyOAuth1Request } from '../../oauth1.js'
import { createOAuth1Client } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'

const secret = crypto.getRandomValues(new Uint8Array(32))

describe('createOAuth1Server()', () => {
  it('refuses options, hooks and clients that cannot work', () => {
    // covers E-017, E-024
    const hooks = { existNonce: () => false } as object
    expect(() => oauth1World({ hooks })).toThrow('Did you mean "existsNonce"?')
    expect(() => oauth1World({ temporaryLifeTime: 1 } as object)).toThrow('Did you mean "temporaryLifetime"?')
    expect(() => oauth1World({ temporaryLifetime: 0 })).toThrow('seconds above 0')
    expect(() => oauth1World({ tokenLength: 8 })).toThrow('128 random bits')
    expect(() => oauth1World({ signatureMethods: ['HMAC-MD5' as 'HMAC-SHA1'] })).toThrow('"HMAC-MD5"')
    expect(() => oauth1World({ clients: [{ clientId: 'open' }] })).toThrow('anyone could sign for it')
    expect(() => oauth1World({ clients: [{ clientId: 'a', secret: 's' } as never] })).toThrow('"secret" of "a" is unknown')
    const twice = [1, 2].map(() => ({ clientId: 'a', clientSecret: 's' }))
    expect(() => oauth1World({ clients: twice })).toThrow('listed twice')
  })

  it.each([
    [{ clients: undefined }, '"clients" must be a list'],
    [{ clients: {} }, '"clients" must be a list'],
    [{ signatureMethods: 'HMAC-SHA1' }, '"signatureMethods" must be a list'],
    [{ signatureMethods: [] }, '"signatureMethods" must be a list'],
    [{ timestampWindow: Infinity }, '"timestampWindow" must be seconds'],
    [{ temporaryLifetime: Infinity }, '"temporaryLifetime" must be seconds'],
    [{ maxBodySize: 0 }, '"maxBodySize" must be bytes'],
    [{ hooks: { existsNonce: 5 } }, '"existsNonce" must be a function'],
    [{ generateToken: 'x' }, '"generateToken" must be a function'],
    [{ previousSecrets: 'x' }, '"previousSecrets" must be a list'],
    [{ url: 'http://provider.example' }, '"url" must be'],
    [{ url: '/oauth' }, '"url" must be'],
    [{ issuer: 'https://provider.example' }, 'Known: clients'],
    [{ clients: [{ clientId: 'a', rsaPublicKey: 'garbage' }] }, '"rsaPublicKey"'],
    [{ clients: [{ clientId: 'a', clientSecret: 's', defaultRedirectUri: 'javascript:alert(1)' }] }, 'javascript:alert(1)'],
    [{ clients: [{ clientId: 'a', clientSecret: 's', callbackUrls: ['mailto:x@y'] }] }, 'mailto:x@y'],
  ])('names the option that cannot work: %j', (options, message) => {
    expect(() => oauth1World(options as object)).toThrow(message)
    expect(() => createOAuth1Server(undefined as never)).toThrow('createOAuth1Server: expected an object')
    expect(() => oauth1(undefined as never)).toThrow('oauth1: expected an object')
  })

  it('looks clients up with a function of the host', async () => {
    // covers E-002, E-003
    const asked: string[] = []
    const findClient = async (clientId: string) => {
      asked.push(clientId)
      return clientId === 'photos'
        ? { clientId, clientSecret: 'printer secret', defaultRedirectUri: 'https://app.example/' }
        : undefined
    }
    const world = oauth1World({ clients: { findClient } })
    await authorize(world)
    expect(new Set(asked)).toEqual(new Set(['photos']))
  })

  it('creates tokens of 42 and secrets of 48 characters, or others', async () => {
    // covers E-018, E-019, E-020
    const lengths = async (options: Parameters<typeof oauth1World>[0]) => {
      const { token, tokenSecret } = await oauth1World(options).client.temporaryCredentials()
      return [token, tokenSecret]
    }
    expect((await lengths({})).map((text) => text.length)).toEqual([42, 48])
    expect((await lengths({ tokenLength: 24, tokenSecretLength: 30 })).map((text) => text.length)).toEqual([24, 30])
    expect(await lengths({ generateToken: () => 'token', generateTokenSecret: async () => 'secret' })).toEqual([
      'token',
      'secret',
    ])
    const tokenGenerator = () => ({ token: 'both', tokenSecret: 'at once' })
    expect(await lengths({ tokenGenerator, generateToken: () => 'unused' })).toEqual(['both', 'at once'])
  })

  it.each([
    [{ generateToken: () => '' }, '"token", not an empty one'],
    [{ tokenGenerator: () => ({ token: 'token' }) as never }, '"tokenSecret", not undefined'],
    [{ tokenGenerator: () => undefined as never }, '"token", not undefined'],
  ])('issues nothing if a generator returns no credentials: %j', async (options, message) => {
    const created: unknown[] = []
    const reasons: unknown[] = []
    const hooks = { createTemporaryCredential: (credential: unknown) => void created.push(credential) }
    const { client } = oauth1World({ ...options, hooks, serverHooks: { onError: (error) => void reasons.push(error) } })
    await expect(client.temporaryCredentials()).rejects.toMatchObject({ code: 'server_error' })
    expect(created).toEqual([])
    expect(String(reasons[0])).toContain(message)
  })

  it('accepts a signature method of the host', async () => {
    // covers E-022, D-014
    const hmac = findSignatureMethod('HMAC-SHA256') ?? expect.fail('no method')
    const method: SignatureMethod = {
      ...hmac,
      name: 'HMAC-SHA256-REVERSED',
      sign: async (text, keys) => reversed(await hmac.sign(text, keys)),
      verify: (text, signature, keys) => hmac.verify(text, reversed(signature), keys),
    }
    const world = oauth1World({ signatureMethods: [method] }, { signatureMethod: method })
    await authorize(world)
    expect(await (await world.client.fetch(API)).json()).toMatchObject({ user: 'alice' })
  })

  it('needs no timestamp and nonce with PLAINTEXT', async () => {
    // covers E-016
    const { server } = oauth1World({ signatureMethods: ['PLAINTEXT'] })
    const authorization =
      'OAuth oauth_consumer_key="photos", oauth_signature_method="PLAINTEXT", oauth_callback="oob", oauth_signature="printer%2520secret%26"'
    const request = () => new Request('https://provider.example/oauth/initiate', { method: 'POST', headers: { authorization } })
    expect([(await server.fetch(request())).status, (await server.fetch(request())).status]).toEqual([200, 200])
  })
})

function reversed(text: string): string {
  return Array.from(text).toReversed().join('')
}

describe('the hooks', () => {
  it('may all be functions of the host, over tables of its own', async () => {
    // covers E-001, E-006, E-008, E-010, E-011, E-023, E-027, E-028, E-030, E-031
    const calls: string[] = []
    const own = oauth1StoreHooks(memoryStore({ now: testClock().now }), secret)
    const hooks = Object.fromEntries(
      Object.entries(own).map(([name, hook]) => [
        name,
        (...input: never[]) => {
          calls.push(name)
          return (hook as (...values: never[]) => unknown)(...input)
        },
      ]),
    )
    const world = oauth1World({ hooks })
    await authorize(world)
    await world.client.fetch(API)
    await world.server.revokeToken('photos', world.client.getTokenSet()?.accessToken ?? '')
    expect(new Set(calls)).toEqual(new Set(Object.keys(own)))
  })

  it('keep credentials and nonces in any key-value store, without a secret in the clear', async () => {
    // covers E-005, E-025
    const store = memoryStore({ now: testClock().now })
    const written: string[] = []
    const spied = {
      ...store,
      set: (...entry: Parameters<typeof store.set>) => (written.push(JSON.stringify(entry)), store.set(...entry)),
      add: (...entry: Parameters<typeof store.add>) => (written.push(JSON.stringify(entry)), store.add(...entry)),
      get: store.get.bind(store),
      delete: store.delete.bind(store),
    }
    const world = oauth1World({ hooks: oauth1StoreHooks(spied, secret) })
    await authorize(world)
    const { accessToken, response } = world.client.getTokenSet() ?? expect.fail('no session')
    expect(written.length).toBeGreaterThan(3)
    for (const value of [accessToken, String(response['oauth_token_secret'])]) expect(written.join()).not.toContain(value)
  })
})

describe('oauth1()', () => {
  it('adds the endpoints to a server of OAuth 2, and a guard', async () => {
    // covers D-001, E-004
    const site = userSite({ users: [ALICE] })
    const issuer = 'https://id.example'
    const server = createAuthorizationServer({
      issuer,
      clients: [SPA],
      site,
      keys: await testKeys(),
      stores: storesOver(memoryStore()),
      secret,
      features: [oauth1({ clients: [{ clientId: 'photos', clientSecret: 's' }] })],
    })
    const client = createOAuth1Client({
      consumerKey: 'photos',
      consumerSecret: 's',
      temporaryCredentialsUrl: `${issuer}/oauth1/initiate`,
      authorizationUrl: `${issuer}/oauth1/authorize`,
      tokenCredentialsUrl: `${issuer}/oauth1/token`,
      callbackUrl: 'https://app.example/ready',
      storage: memory(),
      fetch: (input, init) => server.fetch(new Request(input, init)),
    })
    expect((await client.temporaryCredentials()).response['oauth_callback_confirmed']).toBe('true')
    const metadata = await server.fetch(new Request(`${issuer}/.well-known/openid-configuration`))
    expect(await metadata.text()).not.toContain('oauth1')
    const verified = await verifyOAuth1Request(server, new Request('https://api.example/'))
    expect(verified.ok ? 200 : verified.response.status).toBe(400)
    await revokeOAuth1Token(server, 'photos', 'unknown')
    const bare = createAuthorizationServer({ issuer, clients: [SPA], site, keys: await testKeys() })
    await expect(verifyOAuth1Request(bare, new Request('https://api.example/'))).rejects.toThrow('oauth1()')
  })
})
