// Real Chromium, driven by Playwright; each visitor is a browser profile of their own.
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { chromiumArguments, findChromium } from '../gate/browsers.mjs'

export async function launchChromium({ backForwardCache = false } = {}): Promise<Browser> {
  const executablePath = findChromium()
  return chromium.launch({
    ...(executablePath ? { executablePath } : { channel: 'chromium' }),
    args: chromiumArguments,
    ...(backForwardCache ? { ignoreDefaultArgs: ['--disable-back-forward-cache'] } : {}),
  })
}

export interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
  /** Unhandled errors and rejections of all tabs. */
  readonly unhandled: readonly string[]
}

export async function visit(browser: Browser, url: string): Promise<Visitor> {
  const context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  const unhandled: string[] = []
  context.on('weberror', (error) => unhandled.push(String(error.error())))
  const page = await context.newPage()
  await page.goto(url)
  return { context, page, unhandled }
}

/** Waits until the fixture app shows the text. */
export async function sees(page: Page, what: string, text: string): Promise<void> {
  try {
    await expect.poll(() => page.getByTestId(what).textContent(), { message: `"${what}" in the page` }).toBe(text)
  } catch (error) {
    const shown = await page.locator('body').innerText({ timeout: 5000 })
    throw new Error(`Expected "${what}" to be "${text}". The page ${page.url()} shows:\n${shown}`, { cause: error })
  }
}

/** Presses a button of the fixture app. */
export async function press(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
}

/** Replaces the clock of the page, and of its popups, by one whose timers the test can fire. */
export async function installClock(page: Page): Promise<void> {
  // The code of the background work has been loaded: it must not measure its time by the old clock and by the new one.
  await page.waitForLoadState('networkidle')
  await page.clock.install()
}
