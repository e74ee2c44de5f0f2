import { createOAuth1Client } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { locationOf } from '../../server/test-browser.fixture.js'
import { allow, API, authorize, CALLBACK, oauth1World } from './oauth1.fixture.js'

const METHODS = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256', 'PLAINTEXT'] as const
const PLACEMENTS = ['header', 'body', 'query'] as const

async function keyPair(hash: string) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash }
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

const pairs = { 'RSA-SHA1': await keyPair('SHA-1'), 'RSA-SHA256': await keyPair('SHA-256') }

describe('the three legs', () => {
  for (const signatureMethod of METHODS) {
    for (const placement of PLACEMENTS) {
      it(`work with ${signatureMethod} in the ${placement}`, async () => {
        // covers D-004, D-005, D-006, D-008, D-009, D-014, E-032, E-034, E-038, E-040, E-044
        const pair = signatureMethod in pairs ? pairs[signatureMethod as keyof typeof pairs] : undefined
        const client = { clientId: 'photos', ...(pair ? { rsaPublicKey: pair.publicKey } : { clientSecret: 's&cret ä' }) }
        const world = oauth1World(
          { clients: [client], signatureMethods: [signatureMethod] },
          { signatureMethod, placement, ...(pair ? { privateKey: pair.privateKey } : { consumerSecret: 's&cret ä' }) },
        )
        await authorize(world)
        expect(world.client.getSnapshot()).toMatchObject({ status: 'signed-in', tokenSet: { tokenType: 'OAuth1' } })
        const form = new URLSearchParams({ title: 'Ä & b', tag: '' })
        const response = await world.client.fetch(`${API}?size=big%20one&x=1&x=0`, { method: 'POST', body: form })
        expect(await response.json()).toMatchObject({ user: 'alice' })
      })
    }
  }

  it('return to the callback with the client’s own state', async () => {
    const { client, browser } = oauth1World()
    const temporary = await client.temporaryCredentials({ callbackUrl: `${CALLBACK}?a=1` })
    const callback = locationOf(await allow(browser, client.authorizationUrl(temporary)))
    expect(callback.origin + callback.pathname).toBe(CALLBACK)
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      a: '1',
      oauth_token: temporary.token,
      oauth_verifier: expect.stringMatching(/^\w{36}$/) as string,
    })
  })

  it('show a code to copy if the client sends "oob"', async () => {
    const { client, browser } = oauth1World({}, { callbackUrl: 'oob' })
    const temporary = await client.temporaryCredentials()
    const text = await (await allow(browser, client.authorizationUrl(temporary))).text()
    const verifier = /<code id="verifier">(\w+)</.exec(text)?.[1] ?? ''
    expect((await client.tokenCredentials(temporary, verifier)).accessToken).toHaveLength(42)
  })

  it('report a denial to the callback, with the code of the temporary credentials', async () => {
    // covers E-039
    const { client, browser } = oauth1World()
    const temporary = await client.temporaryCredentials()
    const callback = locationOf(await allow(browser, client.authorizationUrl(temporary), 'deny'))
    expect(callback.searchParams.get('error')).toBe('access_denied')
    expect(callback.searchParams.get('oauth_token')).toBe(temporary.token)
    expect(callback.searchParams.has('oauth_verifier')).toBe(false)
  })
})

describe('a signed request', () => {
  it('needs no session with a token that was received elsewhere', async () => {
    // covers D-010
    const world = oauth1World()
    await authorize(world)
    const { accessToken, response } = world.client.getTokenSet() ?? expect.fail('no session')
    const token = { token: accessToken, tokenSecret: response['oauth_token_secret'] as string }
    const script = createOAuth1Client({
      consumerKey: 'photos',
      consumerSecret: 'printer secret',
      token,
      resources: [API],
      storage: memory(),
      fetch: world.send,
      now: world.clock.now,
    })
    expect(await (await script.fetch(API)).json()).toMatchObject({ user: 'alice' })
  })

  it('goes to the resources only, and not without a session', async () => {
    const { client, requests } = oauth1World()
    await expect(client.fetch('https://evil.example/')).rejects.toMatchObject({ code: 'resource_not_allowed' })
    await expect(client.fetch(API)).rejects.toMatchObject({ code: 'missing_token' })
    expect(requests).toEqual([])
  })
})
