import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, locationOf, testBrowser, type Page, type TestBrowser } from '../server/test-browser.fixture.js'
import { SPA, testServer, type TestServer } from '../server/test-server.fixture.js'
import type { InteractionReason, SiteAdapter, AuthenticatedUser } from './site-adapter.js'

const CREDENTIALS: AuthenticatedUser = { userId: 'u1' }

/** The site of the README: its form has a custom field and no `action`. */
function ownSite(pages: InteractionReason[], authenticate: SiteAdapter['authenticate'] = byForm): SiteAdapter {
  return {
    authenticate,
    userDeniedAccess: ({ form }) => form?.get('confirm') === '0',
    renderAuthorizationPage: ({ formToken, action, reason }) => {
      pages.push(reason)
      const target = action.replaceAll('&', '&amp;')
      return { html: () => `<form method="post" action="${target}"><input name="csrf" value="${formToken}"></form>` }
    },
  }
}

const byForm: SiteAdapter['authenticate'] = ({ form, session }) => (form?.get('confirm') === '1' ? CREDENTIALS : session)

async function confirm(browser: TestBrowser, page: Page): Promise<Response> {
  return browser.submit(page, { confirm: '1' })
}

async function signedIn(more: Parameters<typeof testServer>[0]): Promise<TestServer & { readonly browser: TestBrowser }> {
  const made = await testServer(more)
  const browser = testBrowser(made.server)
  await confirm(browser, await asPage(await browser.get(authorizePath())))
  made.clock.advance(100)
  return { ...made, browser }
}

describe('a custom site, signed in', () => {
  const CASES: readonly (readonly [Record<string, string>, readonly InteractionReason[]])[] = [
    [{ prompt: 'login' }, ['sign-in']],
    [{ max_age: '10' }, ['sign-in']],
    [{ prompt: 'consent' }, ['consent']],
    [{ prompt: 'select_account' }, ['select-account']],
    [{ prompt: 'login consent' }, ['sign-in', 'consent']],
  ]
  for (const [params, reasons] of CASES) {
    it(`shows ${reasons.length} page(s) for ${JSON.stringify(params)}, and then gets a response`, async () => {
      // covers C-071, C-072, C-076
      const pages: InteractionReason[] = []
      const { browser } = await signedIn({ site: ownSite(pages) })
      pages.length = 0
      let response = await browser.get(authorizePath(params))
      for (const _ of reasons) response = await confirm(browser, await asPage(response))
      expect(locationOf(response).searchParams.get('code')).toBeTruthy()
      expect(pages).toEqual(reasons)
    })
  }

  it('shows the consent page once if a client requires it', async () => {
    // covers C-071, C-072, C-076
    const pages: InteractionReason[] = []
    const { browser } = await signedIn({ site: ownSite(pages), clients: [{ ...SPA, requireConsent: true }] })
    const page = await asPage(await browser.get(authorizePath()))
    expect(locationOf(await confirm(browser, page)).searchParams.get('code')).toBeTruthy()
    expect(pages).toEqual(['sign-in', 'consent', 'consent'])
    expect(locationOf(await browser.get(authorizePath({ prompt: 'none' }))).searchParams.get('code')).toBeTruthy()
  })

  it('learns which page sent a form, and may sign users in elsewhere, by their "authTime"', async () => {
    // covers C-071, C-072, C-076
    const answered: unknown[] = []
    let elsewhere: number | undefined
    const site = ownSite([], (interaction) => {
      answered.push(interaction.answered)
      return elsewhere === undefined ? byForm(interaction) : { ...CREDENTIALS, authTime: elsewhere }
    })
    const { browser, clock } = await signedIn({ site })
    expect(answered).toEqual([undefined, 'sign-in'])
    expect((await browser.get(authorizePath({ max_age: '10' }))).status).toBe(200)
    elsewhere = clock.now() / 1000
    expect(locationOf(await browser.get(authorizePath({ max_age: '10' }))).searchParams.get('code')).toBeTruthy()
  })
})

describe('the option "consentLifetime"', () => {
  const needsConsent = async (consentLifetime: number | null | undefined, seconds: number): Promise<boolean> => {
    const clients = [{ ...SPA, requireConsent: true }]
    const { server, clock } = await testServer({
      clients,
      sessionLifetime: 1e9,
      ...(consentLifetime !== undefined && { consentLifetime }),
    })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const consent = await asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    expect((await browser.submit(consent, { action: 'consent' })).status).toBe(303)
    clock.advance(seconds)
    return (await browser.get(authorizePath())).status === 200
  }

  it('decides how long consent is remembered: 90 days by default', async () => {
    expect(await needsConsent(undefined, 89 * 86_400)).toBe(false)
    expect(await needsConsent(undefined, 91 * 86_400)).toBe(true)
    expect(await needsConsent(60, 59)).toBe(false)
    expect(await needsConsent(60, 61)).toBe(true)
    expect(await needsConsent(null, 5000 * 86_400)).toBe(false)
    expect(await needsConsent(0, 0)).toBe(true)
    await expect(testServer({ consentLifetime: -1 })).rejects.toThrow(/^consentLifetime: /)
    await expect(testServer({ consentLifetime: '60' as never })).rejects.toThrow(/^consentLifetime: /)
  })
})
