// The pages about the session: their flow, and a fault each.
import type { Page } from 'playwright'
import { describe, expect } from 'vitest'
import { startOidcProvider } from '../test/harness/oidc-provider-server.js'
import {
  axeViolations,
  focused,
  type Opened,
  playgroundTest,
  serveBundle,
  signInByPopup,
  visit,
} from './visit-playground.fixture.js'

const it = playgroundTest(serveBundle)

/** The rest takes too long for the gate. */
const isAll = import.meta.env.MODE === 'all'

describe('pages about the session', () => {
  it('signs in silently, and says that the user has to sign in', async ({ sharedSignedIn }) => {
    const { page, errors } = startAfresh(sharedSignedIn)
    await visit(page, 'Silent sign-in')
    await page.getByRole('button', { name: 'Sign in silently' }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('Refresh token', { exact: true }).waitFor()
    await page.getByRole('radio', { name: 'max_age=0' }).check()
    expect(new URL(page.url()).search).toBe('?session=fresh')
    await page.getByRole('button', { name: 'Sign in silently' }).click()
    await page.getByRole('alert').getByText('interaction_required', { exact: true }).waitFor()
    expect(errors).toEqual([])
  })

  it('refreshes once for three tabs, and signs all of them out', async ({ sharedSignedIn, url }) => {
    const { page, context, errors } = startAfresh(sharedSignedIn)
    await visit(page, 'Tabs')
    const others = [await context.newPage(), await context.newPage()]
    for (const other of others) await other.goto(`${url}tabs`)
    for (const tab of [page, ...others]) await expect.poll(() => tab.getByRole('row').count()).toBe(4)
    await page.getByRole('button', { name: 'Expire the token in all tabs' }).click()
    await page.getByText('1 token request in 3 tabs: 2 other tabs use its result.').waitFor()
    await others[0]?.getByRole('button', { name: 'Sign out here' }).click()
    for (const tab of [page, ...others]) await tab.getByRole('heading', { name: 'Not signed in' }).waitFor()
    for (const other of others) await other.close()
    expect(errors).toEqual([])
  })

  it('keeps the tokens in a worker, out of reach of the page', async ({ shared }) => {
    const { page, errors } = startAfresh(shared)
    await visit(page, 'Tokens in a worker')
    await signInByPopup(page, /^Sign in by popup/)
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByRole('button', { name: 'through the worker' }).click()
    await result.getByText('Hello, ada').waitFor()
    await result.getByRole('button', { name: 'Steal the access token' }).click()
    await result.getByRole('alert').getByText('unsupported', { exact: true }).waitFor()
    expect(errors).toEqual([])
  })

  it('keeps the session without a network, and refreshes when it is back', async ({ shared }) => {
    const { page, errors } = startAfresh(shared)
    await visit(page, 'Offline')
    await signInByPopup(page, /^Sign in by popup/)
    const result = page.getByRole('region', { name: 'Result' })
    const refresh = result.getByRole('button', { name: 'Refresh the token' })
    await page.getByRole('radio', { name: 'Off' }).check()
    await result.getByRole('button', { name: 'Call /api/me' }).click()
    // The browser only says “Failed to fetch”.
    await result.getByRole('alert').getByText('No response arrived.').waitFor()
    await result.getByRole('alert').getByText('no response: the network of this client is off').waitFor()
    expect(await focused(page)).toContain('The request failed')
    await refresh.click()
    await result.getByRole('alert').getByText('network', { exact: true }).waitFor()
    expect(await result.getByText('signed in', { exact: true }).count()).toBe(1)
    await page.getByRole('radio', { name: 'On', exact: true }).check()
    await refresh.click()
    await result.getByText('Refreshed at').waitFor()
    await result.getByRole('button', { name: 'Call /api/me' }).click()
    await result.getByRole('alert').waitFor({ state: 'detached' })
    expect(errors).toEqual([])
  })

  it('ends the session of a device that was asleep', async ({ shared }) => {
    const { page, errors } = startAfresh(shared)
    await visit(page, 'Idle timeout')
    await signInByPopup(page, /^Sign in by popup/)
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByRole('button', { name: 'Stay signed in' }).click()
    await result.getByRole('button', { name: 'sleep for an hour' }).click()
    await result.getByText('signed out', { exact: true }).waitFor()
    expect(errors).toEqual([])
  })

  it.for([
    ['back', 'no-fault', 'Signed out by the server'],
    ['front', 'sid', 'Logout message refused'],
  ] as const)('is signed out by the server: %s channel, fault: %s', async ([channel, fault, result], { open }) => {
    const { page, errors } = await open(`server-logout?channel=${channel}&fault=${fault}`)
    await signInAtNewClient(page)
    const button = page.getByRole('button', { name: 'End the session at the server' })
    const [server] = await Promise.all([page.waitForEvent('popup'), button.click()])
    await server.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('status').getByText(result).waitFor()
    const isRefused = fault === 'sid'
    await page.getByText(isRefused ? 'signed in' : 'signed out', { exact: true }).waitFor()
    expect(await page.getByRole('img', { name: /^Step \d, failed$/ }).count()).toBe(isRefused ? 1 : 0)
    expect(await page.getByRole('complementary').getByText('altered', { exact: true }).count()).toBe(isRefused ? 1 : 0)
    expect(await axeViolations(page)).toEqual([])
    expect(errors).toEqual([])
  })

  it('ignores a replayed callback, and shows an example of a page to a user who is not signed in', async ({ shared }) => {
    const { page, errors } = startAfresh(shared)
    await visit(page, 'Sign in')
    await page.getByRole('button', { name: 'Replay a callback' }).click()
    await page.getByText('The callback was ignored.').waitFor()
    await visit(page, 'User')
    await page.getByText('Then this page shows, for example:').waitFor()
    expect(errors).toEqual([])
  })
})

describe.runIf(isAll)('a server of the user', () => {
  it('is examined, signs in, and explains what it cannot do', async ({ open, url }) => {
    const { origin } = new URL(url)
    const provider = await startOidcProvider({ origin, redirectUris: [url], postLogoutRedirectUris: [url] })
    const link = new URLSearchParams({
      issuer: provider.issuer,
      client_id: provider.clientId,
      scope: 'openid profile email offline_access',
    })
    const { page, errors } = await open(`server?${link}`)
    await page.getByRole('button', { name: 'Check it first' }).click()
    await page.getByText('Nothing wrong was found.').waitFor()
    // The doctor opens the callback page in a frame without scripts, which Chromium reports.
    errors.length = 0
    await page.getByRole('button', { name: 'Use this server' }).click()
    await visit(page, 'Sign in')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Alice Archer' }).click()
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await visit(page, 'Device')
    await page.getByText('there is no “device_authorization_endpoint”').waitFor()
    await visit(page, 'Call an API')
    await page.getByText('This API does not know your server').waitFor()
    await page.getByRole('button', { name: 'Call with token' }).click()
    await page.getByText('The API of the playground accepts only tokens of the built-in server, not those of').waitFor()
    expect(errors).toEqual([])
    await provider.close()
  })
})

describe.runIf(isAll)('faults of the playground’s own session', () => {
  it('refreshes an expired token before a call, and ends a session that was revoked', async ({ open }) => {
    const { page, errors } = await open()
    await signInByPopup(page, /^Sign in by popup/)
    await visit(page, 'Call an API')
    await page.getByRole('button', { name: 'Expire the access token now' }).click()
    await page.getByRole('button', { name: 'Call with token' }).click()
    await page.getByLabel('Response body').waitFor()
    await page.getByRole('complementary').getByRole('button', { name: 'Token refresh' }).waitFor()
    await page.getByRole('button', { name: 'Revoke at the server' }).click()
    await page.getByRole('alert').getByText('token_invalid', { exact: true }).first().waitFor()
    await page.getByText('Signed out', { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it.for(['/', '/implicit?responseType=id_token', '/silent?session=fresh&fault=slow'])(
    'opens a copied link: %s',
    async (path, { open }) => {
      const { page, errors } = await open(path.slice(1))
      const { pathname, search } = new URL(page.url())
      expect(pathname + search).toBe(path)
      const value = new URLSearchParams(search).values().next().value
      if (value !== undefined) expect(await page.locator(`input[value="${value}"]`).isChecked()).toBe(true)
      expect(errors).toEqual([])
    },
  )
})

/** The page registers a client, to which the user has not consented. */
async function signInAtNewClient(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /^Register and sign in/ })
  const [popup] = await Promise.all([page.waitForEvent('popup'), button.click()])
  await popup.getByRole('button', { name: 'Ada Lovelace' }).click()
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Allow' }).click()])
}

/** The tests share a page: errors of the one before do not count. */
function startAfresh(opened: Opened): Opened {
  opened.errors.length = 0
  return opened
}
