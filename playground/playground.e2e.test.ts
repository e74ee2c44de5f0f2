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
  // The first visit makes Vite bundle what the app depends on.
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
  /** What the console complained of, and what was thrown. */
  readonly complaints: string[]
}

async function open(path = '', options: Parameters<Browser['newContext']>[0] = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 950 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // An API that refuses is part of the show.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text())
  })
  await page.goto(url + path)
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: 60_000 })
  return { page, context, complaints }
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

/** Clicks what opens a popup, and signs in there unless the server knows the person. */
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

/** @returns what axe finds wrong with a page as it stands, a line for each rule */
async function complaintsOfAxe(page: Page): Promise<readonly string[]> {
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

/** The text of what has the focus, or the value of a radio button. */
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
  throw new Error(`no way to "${text}" by Tab`)
}

/** Opens a popup with the key that has the focus, and says yes there by keyboard. */
async function agreeByKeyboard(page: Page): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  await tabTo(popup, 'Allow')
  await Promise.all([popup.waitForEvent('close'), popup.keyboard.press('Enter')])
}

describe('the playground', { timeout: 120_000 }, () => {
  it('signs in by redirect, shows the user, refreshes, calls the API and signs out', async () => {
    const { page, complaints } = await openForTest()
    await signIn(page)
    expect(page.url()).toBe(url)
    await visit(page, 'Who you are')
    await page.getByRole('region', { name: 'From the UserInfo endpoint' }).getByText('ada@example.com').waitFor()
    await visit(page, 'Tokens')
    await page.getByRole('button', { name: 'Decode the ID token' }).click()
    await page.getByRole('region', { name: 'ID token' }).getByText('RS256').waitFor()
    await page.getByRole('button', { name: 'Refresh now' }).click()
    await page.getByText(/^Refreshed at/).waitFor()
    await visit(page, 'Call an API')
    await page.getByRole('button', { name: 'Call with the token' }).click()
    await page.getByText('Hello, ada').first().waitFor()
    await page.getByRole('button', { name: 'Call without it' }).click()
    await page.getByText('The API refused.').waitFor()
    await visit(page, 'Sign out')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('Nobody is signed in').waitFor()
    expect(complaints).toEqual([])
  })

  it('tells the sign-in by popup step by step, and keeps secrets out of what it shows and stores', async () => {
    const { page } = await openForTest()
    await signInByPopup(page, /with a popup/)
    await page.getByText('You are signed in').waitFor()
    await page.getByRole('button', { name: 'one-time code' }).click()
    expect(await page.getByRole('img', { name: /^Step \d, done$/ }).count()).toBe(8)
    const kept = await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), document.body.innerText]))
    expect(kept).toContain('••••')
    expect(kept).not.toMatch(/eyJ[\w-]{20}/)
  })

  it('works by keyboard alone', async () => {
    const { page } = await openForTest()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Sign in')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Alan Turing' }).waitFor()
    await tabTo(page, 'A')
    await page.keyboard.press('Enter')
    await page.getByText('You are signed in').waitFor()
    await tabTo(page, 'Who you are')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Who you are' }).waitFor()
    expect(await focused(page)).toBe('Who you are')
  })

  it('shows an error with its code and its cure, and lets somebody try again', async () => {
    const { page } = await openForTest()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const alert = page.getByRole('alert')
    await alert.getByText('access_denied').first().waitFor()
    expect(await alert.innerText()).toMatch(/Code:\s+authorization_error[\s\S]*What to do:[\s\S]*RFC 6749/)
    await signIn(page)
    expect(await alert.count()).toBe(0)
  })

  it('refuses an issuer that cannot be one, and asks before it follows a link to another server', async () => {
    const { page } = await openForTest('server?issuer=http%3A%2F%2Fid.example.com&client_id=spa')
    await page.getByText('A link filled in this form').waitFor()
    expect(await page.getByText('In use: the built-in server').count()).toBe(1)
    await page.getByRole('button', { name: 'Use this server' }).click()
    await page.getByText('An issuer begins with https://').waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('issuer')
  })

  it('signs a device in by a code', async () => {
    const { page, context } = await openForTest('device')
    await page.getByRole('button', { name: 'Ask for a code' }).click()
    const link = page.getByRole('link', { name: 'Open it with the code filled in' })
    const [phone] = await Promise.all([context.waitForEvent('page'), link.click()])
    await phone.getByRole('button', { name: 'Ada Lovelace' }).click()
    await phone.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('region', { name: 'What came of it' }).getByText('Refresh token', { exact: true }).waitFor()
  })

  it('signs somebody in who says yes in another tab, by keyboard, and shows a no and the end of the time', async () => {
    const { page, context } = await openForTest('ciba', { colorScheme: 'dark' })
    const begin = page.getByRole('button', { name: 'Ask for them' })
    const answer = async (key: 'Approve' | 'Refuse'): Promise<void> => {
      const link = page.getByRole('link', { name: 'Open the person’s page' })
      const [phone] = await Promise.all([context.waitForEvent('page'), link.press('Enter')])
      const ada = phone.getByRole('button', { name: 'Ada Lovelace' })
      const button = phone.getByRole('button', { name: key })
      await ada.or(button).waitFor()
      if (await ada.isVisible()) await ada.press('Enter')
      await phone.getByText('Till 3, 12.50 €').waitFor()
      expect(await complaintsOfAxe(phone)).toEqual([])
      await button.press('Enter')
      await phone.getByRole('status').waitFor()
      expect(await complaintsOfAxe(phone)).toEqual([])
      await phone.close()
    }
    const refused = (error: string): Promise<void> => page.getByRole('alert').getByText(`: ${error}`).waitFor()
    await begin.press('Enter')
    await answer('Approve')
    const result = page.getByRole('region', { name: 'What came of it' })
    await result.getByRole('button', { name: 'Decode the ID token' }).press('Enter')
    await result.getByText('ada@example.com').waitFor()
    await begin.press('Enter')
    await answer('Refuse')
    await refused('access_denied')
    await page.getByRole('radio', { name: 'Ten seconds' }).check()
    await begin.press('Enter')
    await refused('expired_token')
    await page.getByRole('radio', { name: 'Somebody else' }).check()
    await begin.press('Enter')
    await refused('unknown_user_id')
  })

  it.each([
    ['light, wide', {}],
    ['dark, wide', { colorScheme: 'dark' }],
    ['light, narrow', { viewport: { width: 390, height: 844 } }],
  ] as const)('gives axe nothing to complain of on any page: %s', async (_, options) => {
    const { page } = await openForTest('', options)
    await signIn(page)
    const paths = await page.evaluate(() =>
      [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href') ?? ''),
    )
    expect(paths.length).toBeGreaterThan(20)
    for (const path of paths) {
      await page.evaluate((next) => history.pushState(null, '', next), path)
      await page.locator(`a[href="${path}"][aria-current="page"]`).waitFor({ state: 'attached' })
      expect.soft(await complaintsOfAxe(page), path).toEqual([])
    }
  })
})

describe('the lab', { timeout: 60_000 }, () => {
  // One page for all: signed in to once, and no module loaded twice.
  let lab: Opened

  beforeAll(async () => {
    lab = await open()
  }, 60_000)

  afterAll(() => lab.context.close())

  it.each([
    ['Implicit', 'ID token'],
    ['Hybrid', 'Refresh token'],
    ['Signed responses', 'Refresh token'],
    ['Pushed requests', 'Refresh token'],
    ['Bound tokens', 'DPoP'],
    ['Tokens per API', 'urn:example:mail'],
  ])('tries "%s" in a popup', async (label, expected) => {
    const { page, complaints } = lab
    complaints.length = 0
    await visit(page, label)
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('region', { name: 'What came of it' }).getByText(expected, { exact: true }).first().waitFor()
    expect(complaints).toEqual([])
  })

  it.each([
    ['Password', 'Sign in with the password', 'Refresh token'],
    ['Client credentials', 'Ask for a token', 'Access token'],
    ['Service accounts', 'Sign a statement and trade it', 'Access token'],
    ['Registration', 'Register', 'client_id'],
  ])('tries "%s"', async (label, button, expected) => {
    const { page, complaints } = lab
    complaints.length = 0
    await visit(page, label)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('region', { name: 'What came of it' }).getByText(expected, { exact: true }).first().waitFor()
    expect(complaints).toEqual([])
  })

  it.each([
    ['answers another request', 'invalid_id_token'],
    ['somebody else’s secret', 'invalid_grant'],
    ['not signed at all', 'invalid_id_token'],
    ['metadata is another server’s', 'issuer_mismatch'],
    ['answers with a web page', 'invalid_response'],
  ])('breaks a sign-in: %s', async (fault, code) => {
    const { page } = lab
    await visit(page, 'Sign in')
    await visit(page, 'Break it')
    await page.getByRole('radio', { name: fault }).check()
    await signInByPopup(page, /with this fault/)
    await page.getByRole('alert').getByText(code, { exact: true }).waitFor()
  })
})

describe('signed and rich requests in the lab', { timeout: 60_000 }, () => {
  let lab: Opened

  beforeAll(async () => {
    lab = await open()
    await signIn(lab.page)
  }, 60_000)

  afterAll(() => lab.context.close())

  it.each([
    ['by value', 'nothing'],
    ['by reference', 'nothing'],
    ['pushed (PAR)', 'nothing'],
    ['by value', 'somebody writes'],
  ])('tries "Signed requests" %s, on the way: %s', async (delivery, tampering) => {
    const { page, complaints } = lab
    complaints.length = 0
    await visit(page, 'Sign in')
    await visit(page, 'Signed requests')
    await page.getByRole('button', { name: 'Make a key and register' }).click()
    await page.getByRole('radio', { name: delivery }).check()
    await page.getByRole('radio', { name: tampering }).check()
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: /^Sign in by popup/ }).click(),
    ])
    // Nobody at the server knows a client that registered itself.
    await popup.getByText('An app that signs').waitFor()
    await popup.getByRole('button', { name: 'Allow' }).click()
    const result = page.getByRole('region', { name: 'What came of it' })
    await result.getByRole('button', { name: 'Decode the signed request' }).click()
    await result.getByText('oauth-authz-req+jwt').waitFor()
    await result.getByText('For: openid profile email offline_access.').waitFor()
    expect(complaints).toEqual([])
  })

  it('shows that a client which signs is refused without its signature', async () => {
    const { page } = lab
    await visit(page, 'Sign in')
    await visit(page, 'Signed requests')
    await page.getByRole('button', { name: 'Make a key and register' }).click()
    await page.getByRole('radio', { name: 'without its signature' }).check()
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('alert').getByText('must be a signed request object').first().waitFor()
  })

  it('asks for a payment in detail, shows it to the person, and finds it in the token', async () => {
    const { page, complaints } = lab
    complaints.length = 0
    await visit(page, 'Rich requests')
    await page.getByRole('radio', { name: 'both at once' }).check()
    await page.getByLabel('Who gets it').fill('<b>Countess</b> & Co')
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: /^Sign in by popup/ }).click(),
    ])
    await popup.getByText('Pay 123.50 EUR to <b>Countess</b> & Co, once').waitFor()
    await popup.getByText('In your accounts: list accounts, read balances').waitFor()
    await popup.getByRole('button', { name: 'Allow' }).click()
    const result = page.getByRole('region', { name: 'What came of it' })
    await result.getByText('Granted in detail').first().waitFor()
    expect(await result.getByText('Granted in detail').count()).toBe(2)
    await result.getByRole('button', { name: 'Decode the access token' }).click()
    await result.getByText('authorization_details', { exact: true }).first().waitFor()
    expect(complaints).toEqual([])
  })

  it('shows what the server says of a payment that is above its limit', async () => {
    const { page } = lab
    await visit(page, 'Sign in')
    await visit(page, 'Rich requests')
    await page.getByLabel('Amount in EUR').fill('10000.01')
    await signInByPopup(page, /^Sign in by popup/)
    await page.getByRole('alert').getByText('no payment may be of more than 10000').first().waitFor()
  })

  it('signs a request and asks in detail by keyboard alone', async () => {
    const { page } = lab
    await visit(page, 'Sign in')
    await visit(page, 'Signed requests')
    await tabTo(page, 'Make a key and register')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Make another' }).waitFor()
    await tabTo(page, 'value')
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: 'by reference' }).isChecked()).toBe(true)
    await tabTo(page, 'Sign in by popup')
    await agreeByKeyboard(page)
    await page.getByRole('button', { name: 'Decode the signed request' }).waitFor()
    await tabTo(page, 'Decode the signed request')
    await page.keyboard.press('Enter')
    await page.getByText('oauth-authz-req+jwt').waitFor()
    await visit(page, 'Rich requests')
    await tabTo(page, 'payment_initiation')
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: 'account_information' }).isChecked()).toBe(true)
    await tabTo(page, 'Sign in by popup')
    await agreeByKeyboard(page)
    await page.getByText('Granted in detail').waitFor()
  })
})
