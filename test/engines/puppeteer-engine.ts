// Chromium and Firefox: Puppeteer speaks to both (to Firefox over WebDriver BiDi).
import { launch, type Page } from 'puppeteer-core'
import { chromiumArguments, findChromium, findFirefox } from '../gate/browsers.mjs'
import type { Engine, Tab } from './engine.js'

const TIMEOUT_MS = 60_000
/** No processes in reserve: each new tab would start another one. */
const FIREFOX_SETTINGS = { 'dom.ipc.processPrelaunch.enabled': false }

export async function launchPuppeteer(browser: 'chrome' | 'firefox'): Promise<Engine> {
  const executablePath = browser === 'chrome' ? findChromium() : findFirefox()
  if (!executablePath) throw new Error(`${browser} was not found`)
  const args = browser === 'chrome' ? chromiumArguments : []
  const running = await launch({
    browser,
    executablePath,
    args,
    headless: true,
    timeout: TIMEOUT_MS,
    extraPrefsFirefox: FIREFOX_SETTINGS,
  })
  return {
    openProfile: async () => {
      const context = await running.createBrowserContext()
      return {
        openTab: async (url) => {
          const page = await context.newPage()
          page.setDefaultTimeout(TIMEOUT_MS)
          await page.goto(url)
          return tabOf(page)
        },
        close: () => context.close(),
      }
    },
    close: () => running.close(),
  }
}

function tabOf(page: Page): Tab {
  return {
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    click: async (selector) => {
      // Chromium does not lay out a tab that is behind another.
      await page.bringToFront()
      await page.waitForSelector(selector)
      await page.click(selector)
    },
    shows: (what) =>
      page.evaluate((id) => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? undefined, what).catch(leftThePage),
    address: () => page.evaluate(() => location.href),
    hasOpener: () => page.evaluate(() => window.opener !== null),
    has: async (selector) => (await page.$(selector).catch(() => null)) !== null,
    popup: async (open) => {
      const opened = new Promise<Page>((resolve) => page.once('popup', (popup) => popup && resolve(popup)))
      await open()
      return tabOf(await opened)
    },
    setClockShift: async (ms) => void (await page.evaluate((shift) => Object.assign(window, { clockShift: shift }), ms)),
    popupLooks: () => page.evaluate(() => (window as unknown as { readonly popupLooks: number }).popupLooks),
    run: async (body) => void (await page.evaluate(`(async () => { ${body} })()`)),
    close: () => page.close(),
  }
}

/** A page that is navigating shows nothing. */
function leftThePage(): undefined {
  return undefined
}
