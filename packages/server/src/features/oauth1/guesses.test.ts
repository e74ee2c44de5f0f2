import { createOAuth1Client } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'
import { expect, it } from 'vitest'
import { API, CALLBACK, oauth1World, URL_OF_SERVER, type OAuth1World } from './oauth1.fixture.js'

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
