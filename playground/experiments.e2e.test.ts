import type { Locator, Page } from 'playwright'
import { describe, expect } from 'vitest'
import {
  allowByKeyboard,
  axeViolations,
  type Opened,
  playgroundTest,
  serveBundle,
  serveByStart,
  signInByPopup,
  tabTo,
  visit,
} from './visit-playground.fixture.js'

const it = playgroundTest(serveBundle)

describe('experiments', () => {
  it.beforeEach(({ shared }) => startAfresh(shared))

  it.for([
    ['Implicit', 'ID token'],
    ['Hybrid', 'Refresh token'],
    ['Signed responses', 'Refresh token'],
    ['Pushed requests', 'Refresh token'],
    ['Bound tokens', 'DPoP'],
    ['Tokens per API', 'urn:example:mail'],
  ] as const)('runs "%s" in a popup', async ([label, expected], { shared }) => {
    const { page, errors } = shared
    await visit(page, label)
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('region', { name: 'Result' }).getByText(expected, { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it.for([
    ['Password', 'Sign in with the password', 'Refresh token'],
    ['Client credentials', 'Request a token', 'Access token'],
    ['Service accounts', 'Exchange an assertion', 'Access token'],
    ['Registration', 'Register', 'client_id'],
  ] as const)('runs "%s"', async ([label, button, expected], { shared }) => {
    const { page, errors } = shared
    await visit(page, label)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('region', { name: 'Result' }).getByText(expected, { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it.for([
    ['Wrong nonce', 'invalid_id_token'],
    ['Stolen authorization code', 'invalid_grant'],
    ['Unsigned ID token', 'invalid_id_token'],
    ['Metadata of another server', 'issuer_mismatch'],
    ['Web page instead', 'invalid_response'],
  ] as const)('breaks a sign-in: %s', async ([fault, code], { shared }) => {
    const { page } = shared
    await visit(page, 'Sign in')
    await visit(page, 'Break it')
    await page.getByRole('radio', { name: fault }).check()
    await signInByPopup(page, /with this fault/)
    await page.getByRole('alert').getByText(code, { exact: true }).waitFor()
  })
})

describe('experiments with signed and rich requests', () => {
  it.beforeEach(({ sharedSignedIn }) => startAfresh(sharedSignedIn))

  it.for([
    ['by value', 'nothing'],
    ['by reference', 'nothing'],
    ['pushed (PAR)', 'nothing'],
    ['by value', 'an added'],
  ] as const)('runs "Signed requests" %s, tampering: %s', async ([delivery, tampering], { sharedSignedIn }) => {
    const { page, errors } = sharedSignedIn
    await visit(page, 'Sign in')
    await visit(page, 'Signed requests')
    await page.getByRole('button', { name: 'Create a key and register' }).click()
    await page.getByRole('radio', { name: delivery }).check()
    await page.getByRole('radio', { name: tampering }).check()
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: /^Sign in by popup/ }).click(),
    ])
    // The user has not consented to a client that was just registered.
    await popup.getByText('Signing demo app').waitFor()
    await popup.getByRole('button', { name: 'Allow' }).click()
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByRole('button', { name: 'Decode the signed request' }).click()
    await result.getByText('oauth-authz-req+jwt').waitFor()
    await result.getByText('Scope: openid profile email offline_access.').waitFor()
    expect(errors).toEqual([])
  })

  it('shows that the server rejects the unsigned request of a client that signs', async ({ sharedSignedIn }) => {
    const { page } = sharedSignedIn
    await visit(page, 'Sign in')
    await visit(page, 'Signed requests')
    await page.getByRole('button', { name: 'Create a key and register' }).click()
    await page.getByRole('radio', { name: 'without its signature' }).check()
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: /^Sign in by popup/ }).click(),
    ])
    // The server does not redirect to a client that anyone may have registered: the user decides.
    await Promise.all([popup.waitForEvent('close'), popup.getByRole('link', { name: /^Continue to/ }).click()])
    await page.getByRole('alert').getByText('must be a signed request object').first().waitFor()
  })

  it('requests a payment in detail, shows it to the user, and finds it in the token', async ({ sharedSignedIn }) => {
    const { page, errors } = sharedSignedIn
    await visit(page, 'Rich requests')
    await page.getByRole('radio', { name: 'both' }).check()
    await page.getByLabel('Payee').fill('<b>Countess</b> & Co')
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: /^Sign in by popup/ }).click(),
    ])
    await popup.getByText('Pay 123.50 EUR to <b>Countess</b> & Co, once').waitFor()
    await popup.getByText('In your accounts: list accounts, read balances').waitFor()
    await popup.getByRole('button', { name: 'Allow' }).click()
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByRole('heading', { name: 'Granted details' }).first().waitFor()
    expect(await result.getByRole('heading', { name: 'Granted details' }).count()).toBe(2)
    await result.getByRole('button', { name: 'Decode the access token' }).click()
    await result.getByText('authorization_details', { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it('shows the server’s error for a payment above its limit', async ({ sharedSignedIn }) => {
    const { page } = sharedSignedIn
    await visit(page, 'Sign in')
    await visit(page, 'Rich requests')
    await page.getByLabel('Amount in EUR').fill('10000.01')
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('alert').getByText('a payment must not exceed 10000').first().waitFor()
  })

  it('signs a request and requests details by keyboard alone', async ({ sharedSignedIn }) => {
    const { page } = sharedSignedIn
    await visit(page, 'Sign in')
    await visit(page, 'Signed requests')
    await tabTo(page, 'Create a key and register')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Create another' }).waitFor()
    await tabTo(page, 'value')
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: 'by reference' }).isChecked()).toBe(true)
    await tabTo(page, 'Sign in by popup')
    await allowByKeyboard(page)
    await page.getByRole('button', { name: 'Decode the signed request' }).waitFor()
    await tabTo(page, 'Decode the signed request')
    await page.keyboard.press('Enter')
    await page.getByText('oauth-authz-req+jwt').waitFor()
    await visit(page, 'Rich requests')
    await tabTo(page, 'payment_initiation')
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: 'account_information' }).isChecked()).toBe(true)
    await tabTo(page, 'Sign in by popup')
    await allowByKeyboard(page)
    await page.getByRole('heading', { name: 'Granted details' }).waitFor()
  })
})

describe('OAuth 1.0a', () => {
  const settings = [
    ['HMAC-SHA1', 'Authorization header', 'Path: refused', 'invalid_signature'],
    ['HMAC-SHA256', 'query of the URL', 'Path: refused', 'invalid_signature'],
    ['PLAINTEXT', 'form body', 'Path: accepted', 'PLAINTEXT does not sign it'],
  ] as const
  // Half a minute each: the gate runs the first, `npm run test:all` runs all. Every combination runs in Node.
  it.for(settings.slice(0, import.meta.env.MODE === 'all' ? 3 : 1))(
    'shows each step and what tampering does: %s, %s',
    async ([method, place, outcome, reason], { open }) => {
      // A page of its own: axe takes ten times as long with the log of all other tests.
      const { page, errors } = await open('oauth1')
      await page.getByRole('radio', { name: method, exact: true }).check()
      await page.getByRole('radio', { name: place }).check()
      const steps = page.getByRole('region', { name: 'Step by step' })
      const step = (name: string) => steps.getByRole('button', { name, exact: true })
      expect(await step('Allow the access').isDisabled()).toBe(true)
      await step('Request temporary credentials').click()
      await steps.getByText('oauth_callback_confirmed', { exact: true }).waitFor()
      await allowPhotos(page, step('Allow the access'))
      await step('Exchange for token credentials').click()
      await step('Call the API').click()
      await steps.getByText('oauth1-api%2Fphotos').waitFor()
      await steps.getByText('ada', { exact: true }).waitFor()
      const tampering = page.getByRole('region', { name: 'Tamper with the request' })
      await tampering.getByRole('button', { name: 'Path' }).click()
      await tampering.getByText(outcome).waitFor()
      await tampering.getByText(reason).first().waitFor()
      await tampering.getByRole('button', { name: 'Replay' }).click()
      await tampering.getByText('used before', { exact: true }).waitFor()
      expect(await tampering.getByText('Replay of the last request: refused').count()).toBe(1)
      expect(await tampering.getByText('invalid_nonce').count()).toBeGreaterThan(0)
      for (const colorScheme of ['dark', 'light'] as const) {
        // Without transitions, the colors are final at once.
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
        expect(await axeViolations(page)).toEqual([])
      }
      expect(errors).toEqual([])
    },
  )

  it('connects by popup, calls the API, and forgets the token', async ({ open }) => {
    const { page, errors } = await open('oauth1')
    await allowPhotos(page, page.getByRole('button', { name: 'Connect by popup' }))
    await page.getByText('Signed in to the photo API as Ada Lovelace.').waitFor()
    await page.getByRole('button', { name: 'Load the photos' }).click()
    await page.getByLabel('Response body').getByText('Lake Geneva').waitFor()
    const log = page.getByRole('complementary')
    for (const title of [
      'Request for temporary credentials',
      'Authorization by the user',
      'Callback with the verifier',
      'Signed API call',
    ])
      await log.getByText(title).first().waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Forget the token' }).click()
    await page.getByText('Not signed in to the photo API.').waitFor()
    expect(errors).toEqual([])
  })

  it('connects by redirect, keeps the deep link and the settings, and leaves nothing in the address bar', async ({
    open,
    url,
  }) => {
    const { page, errors } = await open('oauth1?album=summer#photos')
    await page.getByRole('radio', { name: 'HMAC-SHA256' }).check()
    await page.getByRole('button', { name: 'Connect by redirect' }).click()
    await page.getByRole('button', { name: 'Ada Lovelace' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('Signed in to the photo API as Ada Lovelace.').waitFor()
    expect(page.url()).toBe(`${url}oauth1?album=summer&signatureMethod=HMAC-SHA256#photos`)
    expect(await page.getByRole('radio', { name: 'HMAC-SHA256' }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Load the photos' }).click()
    await page.getByLabel('Response body').getByText('Lake Geneva').waitFor()
    expect(errors).toEqual([])
  })

  it('says that the user denied the access, and starts again', async ({ open }) => {
    const { page } = await open('oauth1')
    await page.getByRole('button', { name: 'Request temporary credentials' }).click()
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Allow the access', exact: true }).click(),
    ])
    await popup.getByRole('button', { name: 'Ada Lovelace' }).click()
    await popup.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('alert').getByText('access_denied').waitFor()
    await page.getByRole('button', { name: 'Request temporary credentials' }).click()
    await allowPhotos(page, page.getByRole('button', { name: 'Allow the access', exact: true }))
    await page.getByRole('button', { name: 'Exchange for token credentials' }).click()
    await page.getByRole('region', { name: '3. Token' }).getByText('oauth_token_secret', { exact: true }).waitFor()
  })
})

// It starts a dev server, and needs a network.
const itByStart = playgroundTest(() => serveByStart('--host'))

describe.runIf(import.meta.env.MODE === 'all')('the device page of a playground that listens in the network', () => {
  itByStart('has an address that a phone can open, and the phone signs the device in', async ({ open, browser }) => {
    const { page, errors } = await open('device')
    await page.getByText('A phone can open this playground').waitFor()
    await page.getByRole('button', { name: 'Request a code' }).click()
    await page.getByRole('img', { name: 'QR code of the address including the code' }).waitFor()
    const address = await page.getByRole('link', { name: 'Open with the code filled in' }).getAttribute('href')
    expect(new URL(address ?? '').hostname).not.toBe(new URL(page.url()).hostname)
    const phone = await browser.newPage({ viewport: { width: 390, height: 844 } })
    await phone.goto(address ?? '')
    await phone.getByRole('button', { name: 'Ada Lovelace' }).click()
    await phone.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('Refresh token', { exact: true }).waitFor()
    await phone.close()
    expect(errors).toEqual([])
  })
})

/** A page shows and keeps every message: the tests that share it would become slower from one to the next. */
async function startAfresh({ page, errors }: Opened): Promise<void> {
  errors.length = 0
  const clear = page.getByRole('complementary').getByRole('button', { name: 'Clear' })
  if (await clear.isVisible()) await clear.click()
}

/** Clicks the button that opens the provider's page, signs in there unless the user has a session, and allows the access. */
async function allowPhotos(page: Page, button: Locator): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), button.click()])
  const user = popup.getByRole('button', { name: 'Ada Lovelace' })
  const allow = popup.getByRole('button', { name: 'Allow' })
  await user.or(allow).waitFor()
  if (await user.isVisible()) await user.click()
  await Promise.all([popup.waitForEvent('close'), allow.click()])
}
