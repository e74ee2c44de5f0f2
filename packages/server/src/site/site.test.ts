import { describe, expect, it } from 'vitest'
import { createAuthorizationServer } from '../server/create-server.js'
import type { AuditEvent } from '../options/server-hooks.js'
import { implicit } from '../token/grants/implicit.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { asPage, authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testKeys, testServer } from '../server/test-server.fixture.js'
import type { Interaction, InteractionPage, SiteAdapter } from './site-adapter.js'
import { userSite } from './user-site.js'

// A site whose form is confirmed or not.
function confirmSite(seen: Interaction[] = []): SiteAdapter {
  return {
    authenticate(interaction) {
      seen.push(interaction)
      return interaction.form?.get('confirm') === '1' ? { userId: 'u1', data: { plan: 'gold' } } : undefined
    },
    renderAuthorizationPage: ({ formToken, action }: InteractionPage) =>
      new Response(
        `<form method="post" action="${action.replaceAll('&', '&amp;')}"><input name="csrf" value="${formToken}" /></form>`,
      ),
    userDeniedAccess: ({ form }) => form?.get('confirm') === '0',
  }
}

describe('a custom site adapter', () => {
  it('returns the user and data to store, and gets scope, client and env', async () => {
    // covers C-008, C-050, C-067, C-071, C-072, C-076
    const seen: Interaction[] = []
    const { server } = await testServer({ site: confirmSite(seen) })
    const env = { tenant: 7 }
    const response = await server.fetch(new Request(new URL(authorizePath(), ISSUER)), env)
    expect(seen[0]).toMatchObject({
      env,
      scope: ['openid', 'profile', 'email'],
      client: { clientId: 'spa' },
      redirectUri: SPA.redirectUris[0],
    })
    expect(await response.text()).toContain('name="csrf"')

    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const code = locationOf(await browser.submit(page, { confirm: '1' })).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(server, code))
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } })
    expect(await server.verifyRequest(request)).toMatchObject({ token: { userId: 'u1', data: { plan: 'gold' } } })
  })

  it('may refuse for the user in every flow', async () => {
    // covers C-073, C-074
    const { server } = await testServer({ site: confirmSite(), grants: [authorizationCode(), implicit()] })
    for (const response_type of ['code', 'token']) {
      const browser = testBrowser(server)
      const page = await asPage(await browser.get(authorizePath({ response_type })))
      expect(locationOf(await browser.submit(page, { confirm: '0' })).href).toContain('error=access_denied')
    }
  })

  it('gets the requested acr, and the request fails if an essential one is not reached', async () => {
    const site = confirmSite()
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['gold'] } } })
    const weak = await testServer({ site })
    const browser = testBrowser(weak.server)
    const page = await asPage(await browser.get(authorizePath({ claims })))
    const result = await browser.submit(page, { confirm: '1', action: 'sign-in' })
    expect(locationOf(result).searchParams.get('error')).toBe('unmet_authentication_requirements')

    const strong = await testServer({
      site: { ...site, authenticate: () => ({ userId: 'u1', acr: 'gold', amr: ['otp'] }) },
      acrValues: ['gold'],
    })
    const code = locationOf(await testBrowser(strong.server).get(authorizePath({ claims }))).searchParams.get('code') ?? ''
    const idToken = (await json(await redeem(strong.server, code)))['id_token'] ?? ''
    expect(JSON.parse(atob(idToken.split('.')[1] ?? ''))).toMatchObject({ acr: 'gold', amr: ['otp'] })
  })

  it('may be a list of users whose sign-in reaches the requested acr', async () => {
    const list = userSite({ users: [{ sub: 'u1' }], oneClick: true })
    const site: SiteAdapter = {
      ...list,
      async authenticate(interaction) {
        const { acrValues, session, answered } = interaction
        const [acr] = acrValues
        if (acr && session?.acr !== acr && !answered) return undefined
        const user = await list.authenticate(interaction)
        return user && acr && answered === 'sign-in' ? { ...user, acr } : user
      },
    }
    const { server } = await testServer({ site, acrValues: ['mfa'] })
    const browser = testBrowser(server)
    const acrOf = async (response: Response): Promise<unknown> => {
      const tokens = await json(await redeem(server, locationOf(response).searchParams.get('code') ?? ''))
      const request = new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } })
      const verified = await server.verifyRequest(request)
      return 'token' in verified && verified.token.acr
    }
    const choose = async (path: string): Promise<Response> =>
      browser.submit(await asPage(await browser.get(path)), { action: 'sign-in', user: 'u1' })
    expect(await acrOf(await choose(authorizePath()))).toBeUndefined()
    expect(await acrOf(await choose(authorizePath({ acr_values: 'mfa' })))).toBe('mfa')
    expect(await acrOf(await browser.get(authorizePath({ acr_values: 'mfa' })))).toBe('mfa')
  })
})

describe('audit events', () => {
  it('describe what happened, without a token, code, secret or password', async () => {
    // covers C-081
    const events: AuditEvent[] = []
    const { server, clock } = await testServer({ hooks: { onEvent: (event) => void events.push(event) } })
    const browser = testBrowser(server)
    const code = (await signIn(browser)).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(server, code))
    await redeem(server, code)
    expect(events.map(({ type }) => type)).toEqual([
      'authorization.requested',
      'authorization.requested',
      'sign_in.succeeded',
      'authorization.granted',
      'token.issued',
      'code.replayed',
      'token.refused',
    ])
    expect(events.every(({ at }) => at === clock.now())).toBe(true)
    const text = JSON.stringify(events)
    for (const secret of [code, tokens['access_token'], tokens['refresh_token'], 'wonderland']) expect(text).not.toContain(secret)
  })

  it('continue when a listener fails', async () => {
    // covers C-081
    const faults: unknown[] = []
    const onEvent = (): never => {
      throw new Error('listener')
    }
    const { server } = await testServer({ hooks: { onEvent, onError: (error) => faults.push(error) } })
    expect((await signIn(testBrowser(server))).searchParams.has('code')).toBe(true)
    expect(faults.length).toBeGreaterThan(0)
  })
})

describe('several processes', () => {
  it('share sessions, forms and codes by their store and secret', async () => {
    const secret = crypto.getRandomValues(new Uint8Array(32))
    const first = await testServer({ secret })
    const { storesOver } = await import('../storage/stores.js')
    const { memoryStore } = await import('../storage/memory-store.js')
    const stores = storesOver(memoryStore({ now: first.clock.now }))
    const make = async () =>
      createAuthorizationServer({
        issuer: ISSUER,
        clients: [SPA],
        site: confirmSite(),
        stores,
        secret,
        keys: await testKeys(),
        now: first.clock.now,
      })
    const [one, two] = [await make(), await make()]
    let turn = 0
    const both = { ...one, fetch: (request: Request) => ((turn += 1) % 2 === 0 ? one : two).fetch(request) }
    const browser = testBrowser(both)
    const page = await asPage(await browser.get(authorizePath()))
    const code = locationOf(await browser.submit(page, { confirm: '1' })).searchParams.get('code') ?? ''
    expect((await redeem(both, code)).status).toBe(200)
  })
})
