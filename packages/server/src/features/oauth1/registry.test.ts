import { createOAuthRegistry, memory } from '@latchkey/core'
import { oauth1Entry } from '@latchkey/oauth1'
import { expect, it } from 'vitest'
import { locationOf } from '../../server/test-browser.fixture.js'
import { allow, API, CALLBACK, oauth1World, URL_OF_SERVER } from './oauth1.fixture.js'

it('a registry has clients of OAuth 1.0a beside those of OAuth 2, with sessions and events of their own', async () => {
  // covers B-012, D-020
  // The row decides by the presence of `requestTokenUrl`. A function decides here, so that an app without such a provider loads none of it.
  const world = oauth1World()
  const stored: unknown[] = []
  const registry = createOAuthRegistry(
    {
      modern: { issuer: URL_OF_SERVER, clientId: 'photos' },
      photos: oauth1Entry({
        consumerKey: 'photos',
        consumerSecret: 'printer secret',
        temporaryCredentialsUrl: `${URL_OF_SERVER}/initiate`,
        authorizationUrl: `${URL_OF_SERVER}/authorize`,
        tokenCredentialsUrl: `${URL_OF_SERVER}/token`,
        callbackUrl: CALLBACK,
        apiBaseUrl: API,
        storage: memory(),
        fetch: world.send,
        now: world.clock.now,
        transport: {
          name: 'test',
          prepare: () => ({ navigate: async ({ url }) => locationOf(await allow(world.browser, url)), cancel: () => undefined }),
        },
      }),
    },
    { onTokenSet: (name, { tokenType }, reason) => void stored.push([name, tokenType, reason]) },
  )
  const events: unknown[] = []
  registry.on('signed-in', ({ name }) => events.push(name))
  await registry.photos.login()
  expect(registry.photos.getSnapshot().status).toBe('signed-in')
  expect(registry.modern.getSnapshot().status).toBe('restoring')
  expect(await (await registry.photos.get('recent?x=1')).json()).toMatchObject({ user: 'alice' })
  expect(world.requests.at(-1)?.url).toBe(`${API}/recent?x=1`)
  expect(stored).toEqual([['photos', 'OAuth1', 'login']])
  expect(events).toEqual(['photos'])
  // Another account of the same provider has a session of its own.
  await expect(registry.client('photos', 'work').get('recent')).rejects.toMatchObject({ code: 'missing_token' })
  await registry.close()
})

it('an entry that names the URLs of OAuth 1.0a without oauth1Entry() is refused, not taken for another protocol', () => {
  const entry = { clientId: 'photos', issuer: URL_OF_SERVER, requestTokenUrl: `${URL_OF_SERVER}/initiate` }
  expect(() => createOAuthRegistry({ photos: entry })).toThrow('The entry "photos" has no option "requestTokenUrl"')
})

it.each([
  [
    'requestTokenUrl',
    { clientId: 'x', clientSecret: 's', requestTokenUrl: 'https://a', authorizeUrl: 'https://a', accessTokenUrl: 'https://a' },
  ],
  ['request_token_url', { client_id: 'x', request_token_url: 'https://a' }],
  ['consumerKey', { consumerKey: 'x', consumerSecret: 's', temporaryCredentialsUrl: 'https://a' }],
  ['temporaryCredentialsUrl', { clientId: 'x', temporaryCredentialsUrl: 'https://a' }],
  ['tokenCredentialsUrl', { clientId: 'x', tokenCredentialsUrl: 'https://a' }],
])('the error for an entry with %s names oauth1Entry()', (option, entry) => {
  const create = () => createOAuthRegistry({ photos: entry as never })
  expect(create).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
  expect(create).toThrow(`"${option}"`)
  expect(create).toThrow('oauth1Entry(')
})
