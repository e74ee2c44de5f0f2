import { createOAuth1Client } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { API, authorize, CALLBACK, oauth1World, URL_OF_SERVER, type OAuth1World } from './oauth1.fixture.js'

async function ask({ send, clock }: OAuth1World, consumerSecret: string): Promise<string> {
  const client = createOAuth1Client({
    consumerKey: 'photos',
    consumerSecret,
    temporaryCredentialsUrl: `${URL_OF_SERVER}/initiate`,
    authorizationUrl: `${URL_OF_SERVER}/authorize`,
    tokenCredentialsUrl: `${URL_OF_SERVER}/token`,
    callbackUrl: CALLBACK,
    resources: [API],
    storage: memory(),
    fetch: send,
    now: clock.now,
  })
  return client.temporaryCredentials().then(
    () => 'right',
    (error: unknown) => JSON.stringify(error),
  )
}

it.each([undefined, { attempts: 3 }])('wrong consumer secrets are limited, also for the right one: %o', async (guessLimits) => {
  const world = oauth1World({ guessLimits })
  for (let turn = 0; turn < (guessLimits?.attempts ?? 10); turn += 1) expect(await ask(world, 'wrong')).not.toBe('right')
  expect(await ask(world, 'printer secret')).not.toBe('right')
  world.clock.advance(2)
  expect(await ask(world, 'printer secret')).toBe('right')
})

it('wrong consumer secrets are not limited if the option says so', async () => {
  const world = oauth1World({ guessLimits: false })
  for (let turn = 0; turn < 30; turn += 1) await ask(world, 'wrong')
  expect(await ask(world, 'printer secret')).toBe('right')
})

describe('wrong signatures at a guarded resource', () => {
  /** A client with a token, and what sends its request with another time, so that the signature is wrong. */
  const setUp = async (options: Parameters<typeof oauth1World>[0] = {}) => {
    const world = oauth1World(options)
    await authorize(world)
    const statusOf = async (request: Request): Promise<number> => {
      const verified = await world.server.verifyRequest(request)
      return verified.ok ? 200 : verified.response.status
    }
    await world.client.fetch(API)
    const signed = world.requests.at(-1)?.headers.get('authorization') ?? ''
    const sendWrong = (): Promise<number> => {
      world.clock.advance(1)
      const time = `oauth_timestamp="${Math.floor(world.clock.now() / 1000)}"`
      return statusOf(new Request(API, { headers: { authorization: signed.replace(/oauth_timestamp="\d+"/, time) } }))
    }
    return { world, sendWrong, statusOf }
  }

  it('are counted for client and token, without an address', async () => {
    const { world, sendWrong } = await setUp({ guessLimits: { attempts: 3, longestDelay: 30 } })
    for (let turn = 0; turn < 30; turn += 1) expect(await sendWrong()).toBe(401)
    let isRefused = false
    for (let turn = 0; turn < 6; turn += 1) isRefused ||= (await sendWrong()) === 429
    expect(isRefused).toBe(true)
    // Other tokens of the client are not concerned.
    await authorize(world)
    expect((await world.client.fetch(API)).status).toBe(200)
    world.clock.advance(300)
    expect((await world.client.fetch(API)).status).toBe(200)
  })

  it('by strangers, who know no token, lock no client out and store nothing', async () => {
    const { world, statusOf } = await setUp()
    for (let turn = 0; turn < 30; turn += 1) {
      const time = Math.floor(world.clock.now() / 1000)
      const parameters = { consumer_key: 'photos', signature_method: 'HMAC-SHA1', timestamp: time, nonce: turn, signature: 'x' }
      const all = Object.entries({ ...parameters, token: `invented${turn}` })
      const authorization = `OAuth ${all.map(([name, value]) => `oauth_${name}="${value}"`).join(', ')}`
      expect(await statusOf(new Request(API, { headers: { authorization } }))).toBe(401)
    }
    expect((await world.client.fetch(API)).status).toBe(200)
  })

  it('are no guesses of a page that embeds a signed address', async () => {
    const { world, statusOf } = await setUp()
    await world.client.fetch(API)
    world.clock.advance(1)
    const { headers } = world.requests.at(-1) ?? expect.fail('nothing was sent')
    const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    // Its nonce was used: the signature is right.
    expect(await statusOf(new Request(API, { headers: { ...Object.fromEntries(headers), ...embedded } }))).toBe(401)
  })
})
