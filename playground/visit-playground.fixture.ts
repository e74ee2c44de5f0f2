// The playground in Chromium, and a user who visits it with the mouse or the keyboard.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { inject, test as base } from 'vitest'
import { chromiumLaunchOptions } from '../test/gate/browsers.mjs'
import { waitForOpener } from '../test/harness/browser.js'
import { readyUrl, start } from './started.fixture.js'

/** A page of the playground, in a browser profile of its own. */
export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** Console errors and uncaught exceptions. */
  readonly errors: string[]
}

export type Open = (path?: string, options?: Parameters<Browser['newContext']>[0]) => Promise<Opened>

interface Served {
  readonly url: string
  readonly stop: () => Promise<unknown>
}

interface PlaygroundFixtures {
  readonly browser: Browser
  readonly url: string
  /** Opens a page until the test ends. */
  readonly open: Open
  /** A page for all tests of the file: each module is loaded once. */
  readonly shared: Opened
  /** The same, signed in. */
  readonly sharedSignedIn: Opened
}

/** Creates the test function of one file. */
export function playgroundTest(serve: () => Promise<Served>) {
  return base.extend<PlaygroundFixtures>({
    browser: [
      async ({}, provide) => {
        const browser = await chromium.launch(chromiumLaunchOptions())
        await provide(browser)
        await browser.close()
      },
      { scope: 'file' },
    ],
    url: [
      async ({}, provide) => {
        const { url, stop } = await serve()
        await provide(url)
        await stop()
      },
      { scope: 'file' },
    ],
    open: async ({ browser, url }, provide) => {
      const contexts: BrowserContext[] = []
      await provide(async (path, options) => {
        const opened = await openPage(browser, url, { path, options })
        contexts.push(opened.context)
        return opened
      })
      await Promise.all(contexts.map((context) => context.close()))
    },
    shared: [
      async ({ browser, url }, provide) => {
        const opened = await openPage(browser, url)
        await provide(opened)
        await opened.context.close()
      },
      { scope: 'file' },
    ],
    sharedSignedIn: [
      async ({ browser, url }, provide) => {
        const opened = await openPage(browser, url)
        await signIn(opened.page)
        await provide(opened)
        await opened.context.close()
      },
      { scope: 'file' },
    ],
  })
}

/** Starts the playground as `npm start` does: Vite serves 300 modules one by one. @param args more arguments of `npm start` */
export async function serveByStart(...args: readonly string[]): Promise<Served> {
  const started = start('--port', '0', ...args)
  const url = await readyUrl(started)
  const stop = (): Promise<unknown> => {
    started.child.kill('SIGINT')
    return started.exitCode
  }
  return { url, stop }
}

/** Serves the playground as one bundle, the same for all test files. */
export async function serveBundle(): Promise<Served> {
  const response = await fetch(inject('playgroundBundle'))
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return { url: text, stop: async () => undefined }
}

/** In a fresh clone, Vite first bundles the dependencies and compiles 300 modules: on a busy machine, this was seen to take a minute. */
const FIRST_LOAD_MS = 170_000

interface Visit {
  readonly path?: Parameters<Open>[0]
  readonly options?: Parameters<Open>[1]
}

async function openPage(browser: Browser, url: string, { path = '', options = {} }: Visit = {}): Promise<Opened> {
  // Transitions would be painted sixty times a second, which is a sixth of the processor time.
  const context = await browser.newContext({ viewport: { width: 1400, height: 950 }, reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(60_000)
  await context.addInitScript(waitForOpener)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    // Responses with an error status are part of the demo.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) errors.push(message.text())
  })
  await page.goto(url + path, { timeout: FIRST_LOAD_MS })
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: FIRST_LOAD_MS })
  return { page, context, errors }
}

export async function signIn(page: Page, user = 'Ada Lovelace'): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: user }).click()
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
}

/** Clicks the button that opens a popup, and signs in there unless the user has a session at the server. */
export async function signInByPopup(page: Page, button: RegExp): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: button }).click()])
  const user = popup.getByRole('button', { name: 'Ada Lovelace' })
  // A popup that is not needed closes by itself, perhaps before this line.
  const closed = popup.isClosed() ? Promise.resolve() : popup.waitForEvent('close')
  await Promise.race([user.click().catch(() => undefined), closed])
  await closed
}

/** @returns the paths of all pages that the navigation names */
export async function pagePaths(page: Page): Promise<readonly string[]> {
  const paths = await page.evaluate(() => [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href') ?? ''))
  if (paths.length <= 20) throw new Error(`only ${paths.length} pages`)
  return paths
}

/** Shows a page of the app in the same document. @param path may have a query */
export async function openPath(page: Page, path: string): Promise<void> {
  await page.evaluate((next) => history.pushState(null, '', next), path)
  await page.locator(`a[href="${path.split('?')[0]}"][aria-current="page"]`).waitFor({ state: 'attached' })
}

export function visit(page: Page, label: string): Promise<void> {
  return page.getByRole('navigation').getByRole('link', { name: label, exact: true }).click()
}

interface Axe {
  run(context: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

/** @returns the axe violations of the page, or of one element, one line for each rule */
export async function axeViolations(page: Page, within?: string): Promise<readonly string[]> {
  axe ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  // The results of other kinds would be formatted too. Style sheets would be
  // preloaded for a rule that is off by default, and media files, of which there are none.
  const options = { resultTypes: ['violations'], preload: false }
  return page.evaluate(
    async ([wanted, selector]) => {
      const context = selector ? { include: [selector] } : document
      const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(context, wanted)
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    },
    [options, within] as const,
  )
}

let axe: string | undefined

/** @returns the text of the focused element, or the value of a radio button */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    return (element instanceof HTMLInputElement ? element.value : element?.textContent?.trim()) ?? ''
  })
}

export async function tabTo(page: Page, text: string): Promise<void> {
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).startsWith(text)) return
  }
  throw new Error(`"${text}" cannot be reached with Tab`)
}

/** Opens a popup with the focused button, and allows the request by keyboard. */
export async function allowByKeyboard(page: Page): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  await tabTo(popup, 'Allow')
  await Promise.all([popup.waitForEvent('close'), popup.keyboard.press('Enter')])
}
