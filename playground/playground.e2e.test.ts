import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { chromiumArguments, findChromium } from '../test/gate/browsers.mjs'
import { readyUrl, start, type Started } from './started.fixture.js'

let started: Started
let browser: Browser
let url: string

beforeAll(async () => {
  const executablePath = findChromium()
  browser = await chromium.launch({ args: chromiumArguments, ...(executablePath && { executablePath }) })
  started = start('--port', '5600')
  url = await readyUrl(started)
  // The first visit makes Vite bundle the dependencies.
  await (await open()).context.close()
}, 180_000)

afterAll(async () => {
  await browser.close()
  started.child.kill('SIGINT')
  await started.exitCode
})

interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** Console errors and uncaught exceptions. */
  readonly errors: string[]
}

async function open(path = '', options: Parameters<Browser['newContext']>[0] = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 950 }, ...options })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    // Responses with an error status are part of the demo.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) errors.push(message.text())
  })
  await page.goto(url + path)
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: 60_000 })
  return { page, context, errors }
}

async function openForTest(path?: string, options?: Parameters<Browser['newContext']>[0]): Promise<Opened> {
  const opened = await open(path, options)
  onTestFinished(() => opened.context.close())
  return opened
}

async function signIn(page: Page, user = 'Ada Lovelace'): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: user }).click()
  await page.getByText('You are signed in').waitFor()
}

/** Clicks the button that opens a popup, and signs in there unless the user has a session at the server. */
async function signInByPopup(page: Page, button: RegExp): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: button }).click()])
  const user = popup.getByRole('button', { name: 'Ada Lovelace' })
  // A popup that is not needed closes by itself, perhaps before this line.
  const closed = popup.isClosed() ? Promise.resolve() : new Promise((resolve) => popup.once('close', resolve))
  await Promise.race([user.click().catch(() => undefined), closed])
  await closed
}

function visit(page: Page, label: string): Promise<void> {
  return page.getByRole('navigation').getByRole('link', { name: label, exact: true }).click()
}

/** @returns the axe violations of the page, one line for each rule */
async function axeViolations(page: Page): Promise<readonly string[]> {
  axe ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  return page.evaluate(async () => {
    const run = (
      globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run
    return (await run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}

let axe: string | undefined

/** @returns the text of the focused element, or the value of a radio button */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    return (element instanceof HTMLInputElement ? element.value : element?.textContent?.trim()) ?? ''
  })
}

async function tabTo(page: Page, text: string): Promise<void> {
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).startsWith(text)) return
  }
  throw new Error(`"${text}" cannot be reached with Tab`)
}

/** Opens a popup with the focused button, and allows the request by keyboard. */
async function allowByKeyboard(page: Page): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  await tabTo(popup, 'Allow')
  await Promise.all([popup.waitForEvent('close'), popup.keyboard.press('Enter')])
}

describe('the playground', { timeout: 120_000 }, () => {
  it('signs in by redirect, shows the user, refreshes, calls the API and signs out', async () => {
    const { page, errors } = await openForTest()
    await signIn(page)
    expect(page.url()).toBe(url)
    await visit(page, 'User')
    await page.getByRole('region', { name: 'From the UserInfo endpoint' }).getByText('ada@example.com').waitFor()
    await visit(page, 'Tokens')
    await page.getByRole('button', { name: 'Decode the ID token' }).click()
    await page.getByRole('region', { name: 'ID token' }).getByText('RS256').waitFor()
    await page.getByRole('button', { name: 'Refresh now' }).click()
    await page.getByText(/^Refreshed at/).waitFor()
    await visit(page, 'Call an API')
    await page.getByRole('button', { name: 'Call with token' }).click()
    await page.getByText('Hello, ada').first().waitFor()
    await page.getByRole('button', { name: 'Call without token' }).click()
    await page.getByText('The API rejected the request.').waitFor()
    await visit(page, 'Sign out')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByText('Not signed in').waitFor()
    expect(errors).toEqual([])
  })

  it('explains the sign-in by popup step by step, and masks secrets in the page and in storage', async () => {
    const { page } = await openForTest()
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByText('You are signed in').waitFor()
    await page.getByRole('button', { name: 'one-time code' }).click()
    expect(await page.getByRole('img', { name: /^Step \d, done$/ }).count()).toBe(8)
    const stored = await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), document.body.innerText]))
    expect(stored).toContain('••••')
    expect(stored).not.toMatch(/eyJ[\w-]{20}/)
  })

  it('works by keyboard alone', async () => {
    const { page } = await openForTest()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Sign in')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Alan Turing' }).waitFor()
    await tabTo(page, 'A')
    await page.keyboard.press('Enter')
    await page.getByText('You are signed in').waitFor()
    await tabTo(page, 'User')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'User' }).waitFor()
    expect(await focused(page)).toBe('User')
  })

  it('shows an error with its code and hint, and allows another attempt', async () => {
    const { page } = await openForTest()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const alert = page.getByRole('alert')
    await alert.getByText('access_denied').first().waitFor()
    expect(await alert.innerText()).toMatch(/Code:\s+authorization_error[\s\S]*Fix:[\s\S]*RFC 6749/)
    await signIn(page)
    expect(await alert.count()).toBe(0)
  })

  it('rejects an invalid issuer, and asks before it uses a server from a link', async () => {
    const { page } = await openForTest('server?issuer=http%3A%2F%2Fid.example.com&client_id=spa')
    await page.getByText('This form was filled in by a link').waitFor()
    expect(await page.getByText('Current: built-in server').count()).toBe(1)
    await page.getByRole('button', { name: 'Use this server' }).click()
    await page.getByText('An issuer must start with https://').waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('issuer')
  })

  it('signs in a device with a code', async () => {
    const { page, context } = await openForTest('device')
    await page.getByRole('button', { name: 'Request a code' }).click()
    const link = page.getByRole('link', { name: 'Open with the code filled in' })
    const [phone] = await Promise.all([context.waitForEvent('page'), link.click()])
    await phone.getByRole('button', { name: 'Ada Lovelace' }).click()
    await phone.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('region', { name: 'Result' }).getByText('Refresh token', { exact: true }).waitFor()
  })

  it('signs in a user who approves in another tab, by keyboard, and shows a denied and an expired request', async () => {
    const { page, context } = await openForTest('ciba', { colorScheme: 'dark' })
    const requestApproval = page.getByRole('button', { name: 'Request approval' })
    const decide = async (key: 'Approve' | 'Deny'): Promise<void> => {
      const link = page.getByRole('link', { name: 'Open the user’s page' })
      const [phone] = await Promise.all([context.waitForEvent('page'), link.press('Enter')])
      const ada = phone.getByRole('button', { name: 'Ada Lovelace' })
      const button = phone.getByRole('button', { name: key })
      await ada.or(button).waitFor()
      if (await ada.isVisible()) await ada.press('Enter')
      await phone.getByText('Till 3, 12.50 €').waitFor()
      expect(await axeViolations(phone)).toEqual([])
      await button.press('Enter')
      await phone.getByRole('status').waitFor()
      expect(await axeViolations(phone)).toEqual([])
      await phone.close()
    }
    const expectError = (error: string): Promise<void> => page.getByRole('alert').getByText(`: ${error}`).waitFor()
    await requestApproval.press('Enter')
    await decide('Approve')
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByRole('button', { name: 'Decode the ID token' }).press('Enter')
    await result.getByText('ada@example.com').waitFor()
    await requestApproval.press('Enter')
    await decide('Deny')
    await expectError('access_denied')
    await page.getByRole('radio', { name: '10 seconds' }).check()
    await requestApproval.press('Enter')
    await expectError('expired_token')
    await page.getByRole('radio', { name: 'Unknown user' }).check()
    await requestApproval.press('Enter')
    await expectError('unknown_user_id')
  })

  it.each([
    ['light, wide', {}],
    ['dark, wide', { colorScheme: 'dark' }],
    ['light, narrow', { viewport: { width: 390, height: 844 } }],
  ] as const)('has no axe violation on any page: %s', async (_, options) => {
    const { page } = await openForTest('', options)
    await signIn(page)
    const paths = await page.evaluate(() =>
      [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href') ?? ''),
    )
    expect(paths.length).toBeGreaterThan(20)
    for (const path of paths) {
      // One page after the other.
      await page.evaluate((next) => history.pushState(null, '', next), path)
      await page.locator(`a[href="${path}"][aria-current="page"]`).waitFor({ state: 'attached' })
      expect.soft(await axeViolations(page), path).toEqual([])
    }
  })
})

describe('experiments', { timeout: 60_000 }, () => {
  // One page for all tests: one sign-in, and every module is loaded once.
  let shared: Opened

  beforeAll(async () => {
    shared = await open()
  }, 60_000)

  afterAll(() => shared.context.close())

  it.each([
    ['Implicit', 'ID token'],
    ['Hybrid', 'Refresh token'],
    ['Signed responses', 'Refresh token'],
    ['Pushed requests', 'Refresh token'],
    ['Bound tokens', 'DPoP'],
    ['Tokens per API', 'urn:example:mail'],
  ])('runs "%s" in a popup', async (label, expected) => {
    const { page, errors } = shared
    errors.length = 0
    await visit(page, label)
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('region', { name: 'Result' }).getByText(expected, { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it.each([
    ['Password', 'Sign in with the password', 'Refresh token'],
    ['Client credentials', 'Request a token', 'Access token'],
    ['Service accounts', 'Sign an assertion and exchange it', 'Access token'],
    ['Registration', 'Register', 'client_id'],
  ])('runs "%s"', async (label, button, expected) => {
    const { page, errors } = shared
    errors.length = 0
    await visit(page, label)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('region', { name: 'Result' }).getByText(expected, { exact: true }).first().waitFor()
    expect(errors).toEqual([])
  })

  it.each([
    ['Wrong nonce', 'invalid_id_token'],
    ['Stolen authorization code', 'invalid_grant'],
    ['Unsigned ID token', 'invalid_id_token'],
    ['Metadata of another server', 'issuer_mismatch'],
    ['Web page instead', 'invalid_response'],
  ])('breaks a sign-in: %s', async (fault, code) => {
    const { page } = shared
    await visit(page, 'Sign in')
    await visit(page, 'Break it')
    await page.getByRole('radio', { name: fault }).check()
    await signInByPopup(page, /with this fault/)
    await page.getByRole('alert').getByText(code, { exact: true }).waitFor()
  })
})

describe('experiments with signed and rich requests', { timeout: 60_000 }, () => {
  let shared: Opened

  beforeAll(async () => {
    shared = await open()
    await signIn(shared.page)
  }, 60_000)

  afterAll(() => shared.context.close())

  it.each([
    ['by value', 'nothing'],
    ['by reference', 'nothing'],
    ['pushed (PAR)', 'nothing'],
    ['by value', 'an added'],
  ])('runs "Signed requests" %s, tampering: %s', async (delivery, tampering) => {
    const { page, errors } = shared
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

  it('shows that the server rejects the unsigned request of a client that signs', async () => {
    const { page } = shared
    await visit(page, 'Sign in')
    await visit(page, 'Signed requests')
    await page.getByRole('button', { name: 'Create a key and register' }).click()
    await page.getByRole('radio', { name: 'without its signature' }).check()
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('alert').getByText('must be a signed request object').first().waitFor()
  })

  it('requests a payment in detail, shows it to the user, and finds it in the token', async () => {
    const { page, errors } = shared
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

  it('shows the server’s error for a payment above its limit', async () => {
    const { page } = shared
    await visit(page, 'Sign in')
    await visit(page, 'Rich requests')
    await page.getByLabel('Amount in EUR').fill('10000.01')
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('alert').getByText('a payment must not exceed 10000').first().waitFor()
  })

  it('signs a request and requests details by keyboard alone', async () => {
    const { page } = shared
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
