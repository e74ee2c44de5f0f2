import { describe, expect } from 'vitest'
import { allowByKeyboard, playgroundTest, serveBundle, signInByPopup, tabTo, visit } from './visit-playground.fixture.js'

const it = playgroundTest(serveBundle)

describe('experiments', { timeout: 60_000 }, () => {
  it.for([
    ['Implicit', 'ID token'],
    ['Hybrid', 'Refresh token'],
    ['Signed responses', 'Refresh token'],
    ['Pushed requests', 'Refresh token'],
    ['Bound tokens', 'DPoP'],
    ['Tokens per API', 'urn:example:mail'],
  ] as const)('runs "%s" in a popup', async ([label, expected], { shared }) => {
    const { page, errors } = shared
    errors.length = 0
    await visit(page, label)
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('region', { name: 'Result' }).getByText(expected, { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it.for([
    ['Password', 'Sign in with the password', 'Refresh token'],
    ['Client credentials', 'Request a token', 'Access token'],
    ['Service accounts', 'Sign an assertion and exchange it', 'Access token'],
    ['Registration', 'Register', 'client_id'],
  ] as const)('runs "%s"', async ([label, button, expected], { shared }) => {
    const { page, errors } = shared
    errors.length = 0
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

describe('experiments with signed and rich requests', { timeout: 60_000 }, () => {
  it.for([
    ['by value', 'nothing'],
    ['by reference', 'nothing'],
    ['pushed (PAR)', 'nothing'],
    ['by value', 'an added'],
  ] as const)('runs "Signed requests" %s, tampering: %s', async ([delivery, tampering], { sharedSignedIn }) => {
    const { page, errors } = sharedSignedIn
    errors.length = 0
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
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('alert').getByText('must be a signed request object').first().waitFor()
  })

  it('requests a payment in detail, shows it to the user, and finds it in the token', async ({ sharedSignedIn }) => {
    const { page, errors } = sharedSignedIn
    errors.length = 0
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
    await result.getByText('Granted details').first().waitFor()
    expect(await result.getByText('Granted details').count()).toBe(2)
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
    await page.getByText('Granted details').waitFor()
  })
})
