import type { Page } from 'playwright'
import { describe, expect } from 'vitest'
import {
  axeViolations,
  focused,
  type Opened,
  openPath,
  pagePaths,
  playgroundTest,
  serveBundle,
  signIn,
  signInByPopup,
  tabTo,
} from './visit-playground.fixture.js'

const CIBA_ENDPOINT = '**/backchannel_authentication'

const IS_ALL = import.meta.env.MODE === 'all'
/** The gate looks at the first. */
const looks = [
  ['light, wide', {}, undefined],
  // What is around <main> is the same on each page: here it is examined on the first.
  ['dark, narrow', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }, 'main'],
] as const

const it = playgroundTest(serveBundle)

describe('a page of the playground', () => {
  it('works by keyboard alone', async ({ open }) => {
    const { page } = await open()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Sign in')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Alan Turing' }).waitFor()
    await tabTo(page, 'A')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await tabTo(page, 'User')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'User' }).waitFor()
    expect(await focused(page)).toBe('User')
  })

  it('has no invisible stop of the Tab key on a narrow screen, and Escape closes the menu', async ({ open }) => {
    const { page } = await open('implicit', { viewport: { width: 390, height: 844 } })
    await page.getByRole('button', { name: 'Open the menu' }).focus()
    await tabTo(page, 'Copy link')
    await page.getByRole('button', { name: 'Open the menu' }).press('Enter')
    await tabTo(page, 'Device')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Open the menu' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Open the menu')
    expect(await page.getByRole('link', { name: 'Device' }).isVisible()).toBe(false)
    for (let stop = 0; stop < 4; stop++) await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Copy link')
  })

  it('shows an error with its code and hint, and allows another attempt', async ({ open }) => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const alert = page.getByRole('alert')
    await alert.getByText('access_denied').first().waitFor()
    expect(await alert.innerText()).toMatch(/Code:\s+authorization_error\s+Rule:\s+RFC 6749[\s\S]*Fix:/)
    const more = alert.getByRole('link', { name: 'all causes of authorization_error' })
    expect(await more.getAttribute('href')).toMatch(/\/reference\/errors#authorization_error$/)
    await alert.getByRole('button', { name: 'Find out why' }).click()
    await alert.getByText('The last operation of the client failed (warning)').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await signIn(page)
    expect(await alert.count()).toBe(0)
  })

  it('rejects an invalid issuer, and asks before it uses a server from a link', async ({ open }) => {
    const { page } = await open('server?issuer=http%3A%2F%2Fid.example.com&client_id=spa')
    await page.getByText('This form was filled in by a link').waitFor()
    expect(await page.getByText('Current: built-in server').count()).toBe(1)
    await page.getByRole('button', { name: 'Use this server' }).click()
    await page.getByText('An issuer must start with https://').waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('issuer')
  })

  it('examines a server before it is used', async ({ shared }) => {
    const page = await openSignedOut(shared, '/server')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' })
    await page.getByRole('textbox', { name: 'Client ID' }).fill('app-2')
    await page.getByRole('button', { name: 'Check it first' }).click()
    await page.getByText('The client ID is unknown').waitFor()
    expect(await page.getByRole('link', { name: 'client_unknown' }).getAttribute('href')).toContain(
      '/reference/doctor#client_unknown',
    )
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('textbox', { name: 'Client ID' }).fill('app')
    // The result is about the other client.
    await page.getByText('The client ID is unknown').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Check it first' }).click()
    await page.getByText('Nothing wrong was found.').waitFor()
    expect(await page.getByText('Current: built-in server').count()).toBe(1)
  })

  it('signs in a device with a code', async ({ shared }) => {
    const { context } = shared
    const page = await openSignedOut(shared, '/device')
    await page.getByText('A phone cannot open this playground').waitFor()
    await page.getByRole('button', { name: 'Request a code' }).click()
    const link = page.getByRole('link', { name: 'Open with the code filled in' })
    const [phone] = await Promise.all([context.waitForEvent('page'), link.click()])
    await phone.getByRole('button', { name: 'Ada Lovelace' }).click()
    await phone.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('Refresh token', { exact: true }).waitFor()
  })

  it('signs in a user who approves in another tab, by keyboard, and shows a denied and an expired request', async ({
    shared,
  }) => {
    const { context } = shared
    const page = await openSignedOut(shared, '/ciba')
    const requestApproval = page.getByRole('button', { name: 'Request approval' })
    const decide = async (key: 'Approve' | 'Deny'): Promise<void> => {
      const link = page.getByRole('link', { name: 'Open the user’s page' })
      const [phone] = await Promise.all([context.waitForEvent('page'), link.press('Enter')])
      const ada = phone.getByRole('button', { name: 'Ada Lovelace' })
      const button = phone.getByRole('button', { name: key })
      await ada.or(button).waitFor()
      if (await ada.isVisible()) await ada.press('Enter')
      await phone.getByText('Till 3, 12.50 €').waitFor()
      await phone.emulateMedia({ colorScheme: 'dark' })
      expect(await axeViolations(phone)).toEqual([])
      await button.press('Enter')
      await phone.getByRole('status').waitFor()
      expect(await axeViolations(phone)).toEqual([])
      await phone.close()
      // Chromium may paint nothing in a page behind another one: a click would wait for the button to stand still.
      await page.bringToFront()
    }
    const expectError = (error: string): Promise<void> => page.getByRole('alert').getByText(`: ${error}`).waitFor()
    await requestApproval.press('Enter')
    await decide('Approve')
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByText('Signed in as ada@example.com', { exact: true }).waitFor()
    await result.getByRole('button', { name: 'Decode the ID token' }).press('Enter')
    // The second one is the claim.
    await result.getByText('ada@example.com').nth(1).waitFor()
    await requestApproval.press('Enter')
    await decide('Deny')
    await expectError('access_denied')
    await page.getByRole('radio', { name: '10 seconds' }).check()
    await expireInOneSecond(page)
    await Promise.all([page.waitForRequest(CIBA_ENDPOINT), requestApproval.press('Enter')])
    await expectError('expired_token')
    await page.getByRole('radio', { name: 'Unknown user' }).check()
    await requestApproval.press('Enter')
    await expectError('unknown_user_id')
    await page.unroute(CIBA_ENDPOINT)
  })

  it('keeps two accounts side by side, also after a reload, refuses a third, and signs one out', async ({ shared, url }) => {
    const { errors } = shared
    const page = await openSignedOut(shared, '/accounts')
    const add = async (name: string): Promise<void> => {
      const button = page.getByRole('button', { name: 'Add an account' })
      const [popup] = await Promise.all([page.waitForEvent('popup'), button.click()])
      const other = popup.getByRole('button', { name: 'Use another account' })
      const user = popup.getByRole('button', { name })
      await other.or(user).first().waitFor()
      if (await other.count()) await other.click()
      await Promise.all([popup.waitForEvent('close'), user.click()])
    }
    await add('Ada Lovelace')
    await page.getByRole('button', { name: 'Sign out Ada Lovelace' }).waitFor()
    await add('Alan Turing')
    await page.getByRole('button', { name: 'Switch to Ada Lovelace' }).click()
    await page.getByRole('button', { name: 'Switch to Alan Turing' }).waitFor()
    await page.goto(`${url}accounts?fault=limit`)
    await page.getByRole('button', { name: 'Switch to Alan Turing' }).waitFor()
    await page.getByRole('button', { name: 'Add an account' }).click()
    await page.getByRole('alert').getByText('account_limit', { exact: true }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Call /api/me' }).click()
    await page.getByText('"ada"').waitFor()
    await page.getByRole('button', { name: 'Sign out Ada Lovelace' }).click()
    await page.getByRole('button', { name: 'Switch to Alan Turing' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Sign out Alan Turing' }).count()).toBe(1)
    expect(errors).toEqual([])
  })

  it('explains the sign-in by popup step by step, and masks secrets in the page and in storage', async ({ open }) => {
    const { page } = await open()
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await page.getByRole('button', { name: 'one-time code' }).click()
    expect(await page.getByRole('img', { name: /^Step \d, done$/ }).count()).toBe(8)
    const stored = await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), document.body.innerText]))
    expect(stored).toContain('••••')
    expect(stored).not.toMatch(/eyJ[\w-]{20}/)
  })

  it('shows the whole of an opened step after the page has become narrow', async ({ open }) => {
    const { page } = await open()
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('button', { name: 'one-time code' }).click()
    const details = page.locator('.sequence-details').filter({ hasText: 'Front channel' })
    await details.getByText('iss', { exact: true }).waitFor()
    const height = (): Promise<number> => details.evaluate(({ clientHeight }) => clientHeight)
    const wide = await height()
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(height).toBeGreaterThan(wide)
    expect(await details.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0)
  })

  it('has the chosen options in its code', async ({ open }) => {
    const { page, errors } = await open('?prompt=login&loginHint=ada&maxAge=60')
    const code = page.getByRole('group', { name: 'Code' })
    expect(await code.innerText()).toContain("prompt: 'login',\n    loginHint: 'ada',\n    maxAge: 60,")
    await page.getByRole('textbox', { name: 'login_hint' }).fill('')
    await expect.poll(() => code.innerText()).not.toContain('loginHint')
    expect(errors).toEqual([])
  })

  it('keeps what is typed into a field, and opens again when it is very long', async ({ open }) => {
    const { page, errors } = await open('registration')
    const name = page.getByRole('textbox', { name: 'Name' })
    // Each character stays, also one that means something in a URL.
    await name.fill('a%20b+c&d=%2F#%')
    expect(await name.inputValue()).toBe('a%20b+c&d=%2F#%')
    // In the URL, each of these needs nine characters.
    await name.fill('鍵'.repeat(2000))
    const reloaded = await page.reload()
    expect(reloaded?.status()).toBe(200)
    expect(await name.inputValue()).toMatch(/^鍵{1000}$/)
    expect(errors).toEqual([])
  })

  it('says in a popup that the page which waited for its response is gone', async ({ open }) => {
    const { page, context, errors } = await open('hybrid')
    await context.addInitScript(() => (window.isOpenerGone = true))
    await page.reload()
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Sign in by popup' }).click(),
    ])
    const user = popup.getByRole('button', { name: 'Ada Lovelace' })
    await user.waitFor()
    await page.reload()
    await user.click()
    await popup.getByText('No page waits for this sign-in any more').waitFor()
    expect(popup.url()).not.toMatch(/code|id_token/)
    expect(errors).toEqual([])
  })

  it('says that it is loading until its script has arrived, in light and dark', async ({ open, url }) => {
    const { page } = await open()
    await page.route('**/*.js', () => undefined)
    await page.goto(url, { waitUntil: 'commit' })
    const text = page.getByRole('status').getByText('Loading the playground')
    await text.waitFor()
    // It has no heading: a screen reader would start there, although the page is not ready.
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await axeViolations(page, '.loading')).toEqual([])
    }
    await page.unroute('**/*.js')
    await page.goto(url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await text.count()).toBe(0)
  })

  it.for(looks.slice(0, IS_ALL ? 2 : 1))('has no axe violation on any page: %s', async ([, options, within], { open }) => {
    const { page } = await open('', options)
    await signIn(page)
    expect(await axeViolations(page)).toEqual([])
    // The log is the same on each page too, and has most of the elements.
    if (!within) await page.getByRole('button', { name: 'Clear', exact: true }).click()
    for (const path of await pagePaths(page)) {
      await openPath(page, path)
      expect.soft(await axeViolations(page, within), path).toEqual([])
    }
  })
})

/** Shows a page of the app to a user who has no session at the server. Tests that share a document must not use the app's own session. */
async function openSignedOut({ page, context, errors }: Opened, path: string): Promise<Page> {
  errors.length = 0
  await page.bringToFront()
  await context.clearCookies()
  await page.emulateMedia({ colorScheme: 'light' })
  await openPath(page, path)
  return page
}

/** The server's clock is the machine's: the ten seconds that the page requests would pass. */
async function expireInOneSecond(page: Page): Promise<void> {
  await page.route(CIBA_ENDPOINT, (route) => {
    const body = route.request().postData() ?? ''
    expect(body).toContain('requested_expiry=10')
    return route.continue({ postData: body.replace('requested_expiry=10', 'requested_expiry=1') })
  })
}
