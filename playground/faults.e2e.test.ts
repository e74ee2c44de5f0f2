// One fault of each flow, chosen by the page's link. The flows themselves are in experiments.e2e.test.ts and sessions.e2e.test.ts.
import type { Page } from 'playwright'
import { describe, expect } from 'vitest'
import { focused, type Opened, openPath, playgroundTest, serveBundle, signInByPopup, visit } from './visit-playground.fixture.js'

const it = playgroundTest(serveBundle)

const SIGN_IN = /^Sign in by popup$/

const popupFaults = [
  ['/popup?fault=cors', SIGN_IN, 'network'],
  ['/step-up?fault=nonce', SIGN_IN, 'invalid_id_token'],
  ['/bound-tokens?fault=proof', SIGN_IN, 'token_error'],
  ['/resources?fault=hash', SIGN_IN, 'invalid_id_token'],
  ['/pushed-request?fault=replay', SIGN_IN, 'invalid_grant'],
  ['/signed-response?fault=signature', SIGN_IN, 'invalid_id_token'],
  ['/signed-response?fault=response-signature', SIGN_IN, 'invalid_response'],
  ['/hybrid?fault=pkce', SIGN_IN, 'invalid_grant'],
  ['/hybrid?fault=response-code', SIGN_IN, 'invalid_id_token'],
  ['/implicit?fault=nonce', SIGN_IN, 'invalid_id_token'],
  ['/implicit?fault=response-token', SIGN_IN, 'invalid_id_token'],
  ['/implicit?fault=expired', SIGN_IN, 'invalid_id_token'],
  ['/refresh?fault=refresh-refused', /and refresh$/, 'token_invalid'],
  ['/refresh?fault=refresh-replay', /and refresh$/, 'token_invalid'],
  ['/revocation?fault=revocation-down', /and revoke$/, 'server_error'],
] as const

const requestFaults = [
  ['/silent?fault=hash', 'Sign in silently', 'invalid_id_token'],
  ['/exchange?fault=html', 'Exchange my access token', 'invalid_response'],
  ['/exchange?fault=exchange-scope', 'Exchange my access token', 'token_error'],
  ['/exchange?fault=exchange-token', 'Exchange my access token', 'token_error'],
  ['/client-credentials?fault=down', 'Request a token', 'server_error'],
  ['/service-account?fault=html', 'Exchange an assertion', 'invalid_response'],
  ['/service-account?fault=assertion-key', 'Exchange an assertion', 'invalid_grant'],
  ['/service-account?fault=assertion-expired', 'Exchange an assertion', 'invalid_grant'],
  ['/service-account?fault=assertion-audience', 'Exchange an assertion', 'invalid_grant'],
  ['/password?fault=cors', 'Sign in with the password', 'network'],
  ['/introspection?fault=issuer', 'Introspect the token', 'issuer_mismatch'],
  ['/introspection?fault=introspection-down', 'Introspect the token', 'server_error'],
  ['/registration?fault=registration-uri', 'Register', 'token_error'],
  ['/device?fault=html', 'Request a code', 'invalid_response'],
  ['/device?fault=device-expired', 'Request a code', 'token_error'],
] as const

describe('a fault in the link of a page', () => {
  it.for(inGate(popupFaults))('%s, in a popup', async ([path, button, code], { sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await openPath(page, path)
    await signInByPopup(page, button)
    await expectExplained(page, code)
    expect(errors).toEqual([])
  })

  it.for(inGate(requestFaults))('%s', async ([path, button, code], { sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await openPath(page, path)
    await page.getByRole('button', { name: button, exact: true }).click()
    await expectExplained(page, code)
    expect(errors).toEqual([])
  })

  it('/pushed-request?fault=pushed-redirect, which has no effect', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await openPath(page, '/pushed-request?fault=pushed-redirect')
    await signInByPopup(page, SIGN_IN)
    await page.getByRole('region', { name: 'Result' }).getByText('which the server ignores').waitFor()
    expect(errors).toEqual([])
  })

  it('/device?fault=down, which does not end the attempt', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await openPath(page, '/device?fault=down')
    await page.getByRole('button', { name: 'Request a code', exact: true }).click()
    await page.getByText('The client polls again').waitFor()
    expect(await focused(page)).toContain('Retry-After: 120')
    expect(errors).toEqual([])
  })

  it('/popup?fault=blocked', async ({ sharedSignedIn }) => {
    const { page } = await startAfresh(sharedSignedIn)
    await openPath(page, '/popup?fault=blocked')
    await page.getByRole('button', { name: 'Sign in by popup' }).click()
    await page.getByRole('alert').getByText('popup_blocked', { exact: true }).waitFor()
  })
})

describe('a link with a value that the page does not know', () => {
  it.for([
    ['/popup?fault=nonsense', 'fault=nonsense'],
    // The page has no choice of faults.
    ['/user?fault=nonce', 'fault=nonce'],
    ['/offline?network=perhaps', 'network=perhaps'],
    ['/?maxAge=soon', 'maxAge=soon'],
  ] as const)('%s is named on the page', async ([path, parameter], { sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await openPath(page, path)
    const notice = page.getByRole('main').getByRole('status').filter({ hasText: 'A value in the link has no effect' })
    await notice.getByText(parameter, { exact: true }).waitFor()
    await openPath(page, '/popup?fault=cors')
    await page.getByRole('combobox', { name: 'Break it' }).waitFor()
    expect(await notice.count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('is not said of the fault of a page that first needs a sign-in', async ({ open }) => {
    const { page } = await open('exchange?fault=down')
    for (const path of ['/exchange?fault=down', '/introspection?fault=introspection-down']) {
      await openPath(page, path)
      await page.getByRole('heading', { name: 'Not signed in' }).waitFor()
      expect(await page.getByText('A value in the link has no effect').count()).toBe(0)
    }
  })
})

describe('the result of a flow', () => {
  it('stays about the fault of that run while another one is chosen', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await openPath(page, '/popup?fault=coop')
    await signInByPopup(page, SIGN_IN)
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByText('What the fault did').waitFor()
    await openPath(page, '/popup?fault=pkce')
    await page.getByText('The code was issued for another PKCE secret.').waitFor()
    expect(await result.getByText('“closed” is true as soon as the server’s page loads').count()).toBe(1)
    expect(errors).toEqual([])
  })

  it('has the fix of the fault, if the hint of the error is about something else', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await openPath(page, '/bound-tokens?fault=proof')
    await signInByPopup(page, SIGN_IN)
    const fix = page.getByRole('main').getByRole('alert').getByRole('listitem').filter({ hasText: 'Fix:' })
    expect(await fix.innerText()).toContain('Make a new proof')
    expect(errors).toEqual([])
  })
})

/** The error says why, the focus is on it, and the log marks the message that was changed. */
async function expectExplained(page: Page, code: string): Promise<void> {
  const alert = page.getByRole('main').getByRole('alert')
  await alert.getByText(code, { exact: true }).waitFor()
  for (const label of ['Expected:', 'Received:', 'Rule:', 'Without this check:'])
    expect(await alert.getByText(label, { exact: true }).count()).toBe(1)
  expect(await alert.getByRole('listitem').filter({ hasText: 'Rule:' }).getByRole('link').count()).toBe(1)
  expect(await focused(page)).toContain(code)
  await page.getByRole('complementary').getByText('altered', { exact: true }).first().waitFor()
}

describe('flows for a user who is signed in', () => {
  it.for([
    ['Token exchange', 'Exchange my access token', 'Access token'],
    ['Introspection', 'Introspect the token', 'active'],
  ] as const)('runs "%s"', async ([label, button, expected], { sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await visit(page, label)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('region', { name: 'Result' }).getByText(expected, { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it.for([
    ['Popup', SIGN_IN, 'Refresh token'],
    ['Refresh', /and refresh$/, 'Refresh token'],
    ['Revocation', /and revoke$/, 'token_invalid'],
  ] as const)('runs "%s" in a popup', async ([label, button, expected], { sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await visit(page, label)
    await signInByPopup(page, button)
    await page.getByRole('region', { name: 'Result' }).getByText(expected, { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it('signs in again for an API that requires more', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await visit(page, 'Step-up')
    await signInByPopup(page, SIGN_IN)
    await signInByPopup(page, /^Call \/api\/admin$/)
    await page.getByRole('region', { name: 'Result' }).getByText('The API accepted the request.').waitFor()
    expect(errors).toEqual([])
  })

  it('verifies a token step by step, and finds a changed one', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await visit(page, 'Token decoder')
    await page.getByRole('button', { name: 'Use my ID token' }).click()
    await page.getByRole('button', { name: 'Verify the token' }).click()
    const verification = page.getByRole('main').getByRole('status')
    await verification.getByRole('heading').waitFor()
    const field = page.getByRole('textbox', { name: 'JSON Web Token' })
    const token = await field.inputValue()
    await field.fill(token.slice(0, -8) + (token.at(-8) === 'A' ? 'B' : 'A') + token.slice(-7))
    // The verdict on the token before is not shown beside this one.
    await verification.getByRole('heading').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Verify the token' }).click()
    await verification.getByText('The token must be rejected').waitFor()
    expect(await page.evaluate(() => location.search)).toBe('')
    const claims = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`c${index}`, index]))
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    await field.fill(`${token.split('.')[0]}.${payload}.c2ln`)
    const terms = page.getByRole('main').getByRole('region', { name: 'Payload' }).getByRole('term')
    await page.getByRole('button', { name: 'Show all (20000 fields' }).waitFor()
    expect(await terms.count()).toBe(100)
    expect(errors).toEqual([])
  })

  it('gives a reader without a session an example to verify and to break', async ({ open }) => {
    const { page, errors } = await open('decoder')
    await page.getByRole('button', { name: 'Use an example' }).click()
    await page.getByRole('group', { name: 'Break it' }).getByRole('button', { name: 'Remove the signature' }).click()
    const verification = page.getByRole('main').getByRole('status')
    await verification.getByText('The token must be rejected').waitFor()
    await verification.getByText('“alg” is none').waitFor()
    expect(await verification.getByText('Without this check:').count()).toBe(2)
    expect(errors).toEqual([])
  })

  it('opens the devtools, and simulates a failure there', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await visit(page, 'Devtools')
    await page.getByRole('button', { name: /^Latchkey/ }).click()
    const offline = page.getByRole('button', { name: 'Offline', exact: true })
    await offline.click()
    await page.getByRole('button', { name: 'Refresh now' }).click()
    await page.getByRole('alert').getByText('network', { exact: true }).waitFor()
    await offline.click()
    expect(errors).toEqual([])
  })
})

describe('faults of the session of the playground', () => {
  it('refreshes an expired token before a request', async ({ sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    for (const [label, button] of [
      ['User', 'Refetch'],
      ['Call an API', 'Call with token'],
    ] as const) {
      await startAfresh(sharedSignedIn)
      await visit(page, label)
      await page.getByRole('button', { name: 'Expire the access token now' }).click()
      await page.getByRole('button', { name: button }).click()
      await page
        .getByRole('complementary')
        .getByRole('button', { name: /Token refresh.*200/ })
        .waitFor()
    }
    expect(errors).toEqual([])
  })

  it.for(['Sign out', 'Tokens', 'Tabs'])('ends a session that was revoked elsewhere: %s', async (label, { sharedSignedIn }) => {
    const { page, errors } = await startAfresh(sharedSignedIn)
    await visit(page, 'Sign in')
    if (await page.getByRole('heading', { name: 'Not signed in' }).count()) await signInByPopup(page, SIGN_IN)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await visit(page, label)
    await page.getByRole('button', { name: 'Revoke at the server' }).click()
    await page.getByRole('alert').getByText('token_invalid', { exact: true }).first().waitFor()
    await page.getByRole('heading', { name: 'Not signed in' }).waitFor()
    expect(errors).toEqual([])
  })
})

/** The tests share a page, which shows and keeps every message: they would become slower from one to the next. */
async function startAfresh(opened: Opened): Promise<Opened> {
  opened.errors.length = 0
  const clear = opened.page.getByRole('complementary').getByRole('button', { name: 'Clear' })
  if (await clear.isVisible()) await clear.click()
  return opened
}

/** @returns one fault of each page, the last in the list; all of them in `npm run test:all` */
function inGate<Fault extends readonly [path: string, ...unknown[]]>(faults: readonly Fault[]): readonly Fault[] {
  if (import.meta.env.MODE === 'all') return faults
  return [...new Map(faults.map((fault) => [fault[0].split('?')[0], fault])).values()]
}
