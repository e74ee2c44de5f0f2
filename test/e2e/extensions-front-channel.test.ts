// Implicit and hybrid flows, and signed authorization responses (JARM), in real Chromium against oidc-provider.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { decodeJwt } from 'jose'
import type { ResponseType } from 'oidc-provider'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../harness/browser.js'
import { createExtensionsWorld, type ExtensionsOptions, type ExtensionsWorld } from '../harness/extensions-world.js'
import { alice } from '../harness/users.js'
import type { ExtensionsWindow } from './extensions-app/settings.js'

let browser: Browser
let world: ExtensionsWorld
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
afterEach(async () => {
  await world.close()
  expect(world.visitor.unhandled).toEqual([])
})

async function openFor(responseType: ResponseType, further: ExtensionsOptions = {}): Promise<void> {
  const grantTypes = ['authorization_code', 'refresh_token', 'implicit']
  world = await createExtensionsWorld(browser, {
    ...further,
    client: { response_types: [responseType], grant_types: grantTypes, ...further.client },
    options: { responseType, ...further.options },
  })
  await world.open()
}

function readTokenSet() {
  return world.page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.client.getTokenSet())
}

// The provider has every response type but a lone "token", which OpenID Connect does not know: that one is tested against
// packages/core/src/protocol/front-channel.test.ts, against the test server there.
describe('implicit flow', () => {
  it.each([
    { responseType: 'id_token', hasAccessToken: false },
    { responseType: 'id_token token', hasAccessToken: true },
  ] as const)('signs in with $responseType; no token request', async ({ responseType, hasAccessToken }) => {
    //
    await openFor(responseType)
    await world.signInByRedirect()
    const tokenSet = await readTokenSet()
    expect(Boolean(tokenSet?.accessToken)).toBe(hasAccessToken)
    expect(tokenSet?.claims?.['at_hash'] !== undefined).toBe(hasAccessToken)
    // And no refresh token.
    expect(tokenSet?.refreshToken).toBeUndefined()
    expect(world.requests('/token')).toEqual([])
  })

  it('leaves nothing in the address bar or the history, and warns once', async () => {
    //
    await openFor('id_token token')
    await world.signInByRedirect()
    expect(world.page.url()).toBe(`${world.app.origin}/`)
    const warnings = await world.page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.warnings)
    expect(warnings).toEqual([expect.stringContaining('RFC 9700, section 2.1.2')])
    const devtools = await world.visitor.context.newCDPSession(world.page)
    const { entries } = await devtools.send('Page.getNavigationHistory')
    expect(entries.length).toBeGreaterThan(1)
    expect(entries.filter(({ url }) => /token|state=lk/.test(new URL(url).hash))).toEqual([])
  })

  it('signs in by popup', async () => {
    //
    await openFor('id_token token')
    await world.signInByPopup()
    expect(world.requests('/token')).toEqual([])
  })
})

describe('hybrid flow', () => {
  it.each(['code id_token', 'code token', 'code id_token token'] as const)(
    'signs in with %s; the tokens kept are those of the one token request',
    async (responseType) => {
      //
      await openFor(responseType)
      const redirected = world.page.waitForRequest(
        (request) => request.url().startsWith(`${world.app.origin}/`) && request.isNavigationRequest(),
      )
      await world.signInByRedirect()
      expect(world.requests('/token')).toEqual(['POST /token'])
      const tokenSet = await readTokenSet()
      expect(tokenSet?.refreshToken).toBeDefined()
      expect(tokenSet?.claims?.sub).toBe(alice.sub)
      expect((await redirected).url()).not.toContain(tokenSet?.accessToken)
    },
  )
})

describe('signed authorization responses (JARM)', () => {
  const signed = { authorization_signed_response_alg: 'RS256' } as const

  it.each(['query.jwt', 'fragment.jwt', 'jwt'] as const)('signs in with %s', async (responseMode) => {
    await openFor('code', { client: signed, options: { responseMode } })
    await world.signInByRedirect()
    expect(world.page.url()).toBe(`${world.app.origin}/`)
    expect(world.requests('/token')).toEqual(['POST /token'])
  })

  it('signs in with the hybrid flow and fragment.jwt, by popup', async () => {
    await openFor('code id_token', { client: signed, options: { responseMode: 'fragment.jwt' } })
    await world.signInByPopup()
    expect(world.requests('/token')).toEqual(['POST /token'])
  })

  it('refuses an unsigned response when a signed one was requested', async () => {
    await openFor('code', { client: signed, options: { responseMode: 'query.jwt' }, front: unpackResponses })
    await world.page.click('#redirect')
    await world.page.click(world.server.pages.userButton(alice))
    await world.fails('invalid_response')
    expect(world.requests('/token')).toEqual([])
  })
})

/** Turns the signed response of the provider into plain parameters. */
function unpackResponses(_request: IncomingMessage, response: ServerResponse): boolean {
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) => setHeader(name, name.toLowerCase() === 'location' ? unpacked(String(value)) : value)
  return false
}

function unpacked(location: string): string {
  const url = URL.canParse(location) ? new URL(location) : undefined
  const jwt = url?.searchParams.get('response')
  if (!url || !jwt) return location
  const claims = Object.entries(decodeJwt(jwt)).map(([name, value]) => [name, String(value)])
  url.search = new URLSearchParams(claims).toString()
  return url.href
}
