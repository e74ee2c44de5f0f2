// Real Chromium, driven by Playwright; each visitor is a browser profile of their own.
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { chromiumLaunchOptions } from '../gate/browsers.mjs'

export interface ChromiumOptions {
  /** The browser as users have it, with windows; default is the same engine without them, which takes half the processor time. */
  readonly hasWindows?: boolean
  /** Playwright turns the back/forward cache off by default. Only a browser with windows has one. */
  readonly backForwardCache?: boolean
}

export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const { backForwardCache = false, hasWindows = backForwardCache } = options
  return chromium.launch({
    ...chromiumLaunchOptions({ hasWindows }),
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
  await context.addInitScript(waitForOpener)
  const unhandled: string[] = []
  context.on('weberror', (error) => unhandled.push(String(error.error())))
  const page = await context.newPage()
  await page.goto(url)
  return { context, page, unhandled }
}

declare global {
  interface Window {
    /** Set by a test in which no page waits for the response of a popup. */
    isOpenerGone?: boolean
  }
}

/**
 * Runs in each page, first. A popup whose opener does not take the response within 1.5 s completes the sign-in and stays open. On a busy
 * machine the opener may need longer, and tests wait for the popup to close.
 */
export function waitForOpener(): void {
  const start = window.setTimeout
  const wait = (handler: TimerHandler, ms?: number, ...rest: unknown[]): number =>
    start(handler, ms === 1500 && !window.isOpenerGone ? 60_000 : ms, ...rest)
  window.setTimeout = wait as typeof setTimeout
}

/** Waits until the fixture app shows the text. The page itself looks: each question from outside would take milliseconds of both processes. */
export async function sees(page: Page, what: string, text: string): Promise<void> {
  try {
    await page.waitForFunction(isShown, [what, text] as const, { polling: 30, timeout: 60_000 })
  } catch (error) {
    const shown = await page.locator('body').innerText({ timeout: 5000 })
    throw new Error(`Expected "${what}" to be "${text}". The page ${page.url()} shows:\n${shown}`, { cause: error })
  }
}

/** Runs in the page. */
function isShown([what, text]: readonly [string, string]): boolean {
  return document.querySelector(`[data-testid="${what}"]`)?.textContent === text
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
