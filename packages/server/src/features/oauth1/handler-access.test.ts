import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import type { OAuth1Verification } from './verify-oauth1-request.js'
import { API, authorize, oauth1World } from './oauth1.fixture.js'

it('what a handler gets has no secret of the client or the token', async () => {
  const world = oauth1World()
  await authorize(world)
  const { accessToken, response } = world.client.getTokenSet() ?? expect.fail('no session')
  let verified: OAuth1Verification | undefined
  const verify = world.server.verifyRequest.bind(world.server)
  world.server.verifyRequest = async (...given) => (verified = await verify(...given))
  await world.client.fetch(API)
  expect(verified).toMatchObject({ ok: true, userId: 'alice', client: { clientId: 'photos', clientName: 'Printer' } })
  const shown = JSON.stringify(verified) + inspect(verified, { depth: 9, showHidden: true })
  expect(shown).toContain(accessToken)
  expect(shown).not.toContain('printer secret')
  expect(shown).not.toContain(response['oauth_token_secret'])
})
